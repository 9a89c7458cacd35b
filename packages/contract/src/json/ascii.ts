const nonAscii = /[\u007f-\uffff]/g;
const firstEscaped = 0x7f;
const backslash = 0x5c;
const letterU = 0x75;
const hexDigits = '0123456789abcdef';
/** From this length a text is converted byte by byte, because millions of replacements are far too slow. */
const longText = 65_536;

/** JSON text with everything outside ASCII as `\uXXXX`. */
export function escapeNonAscii(text: string): string {
  if (text.length >= longText && text.search(nonAscii) >= 0) return escapeLong(text);
  return text.replace(nonAscii, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function escapeLong(text: string): string {
  let escapes = 0;
  for (let place = 0; place < text.length; place += 1) {
    if (text.charCodeAt(place) >= firstEscaped) escapes += 1;
  }
  const bytes = new Uint8Array(text.length + 5 * escapes);
  let end = 0;
  const put = (byte: number) => {
    bytes[end] = byte;
    end += 1;
  };
  for (let place = 0; place < text.length; place += 1) {
    const unit = text.charCodeAt(place);
    if (unit < firstEscaped) put(unit);
    else {
      put(backslash);
      put(letterU);
      for (let shift = 12; shift >= 0; shift -= 4) put(hexDigits.charCodeAt((unit >> shift) & 15));
    }
  }
  return new TextDecoder().decode(bytes);
}
