/** The error with which the readers of an RRULE text stop; its message is the API's. */
export function invalid(message: string): RangeError {
  return new RangeError(message);
}
