/** A setting that is not valid, or a file of profiles that cannot be used; the message is one line for the operator. */
export class SettingsError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SettingsError';
  }
}
