/** The error that the parsers of an RRULE text throw, with the API's message. */
export function invalid(message: string): RangeError {
  return new RangeError(message);
}
