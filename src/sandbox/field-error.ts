/** A field of a form or of an API request that cannot be used. The message begins with its name and says the cure. */
export class FieldError extends Error {
  override name = 'FieldError';
  readonly field: string;

  constructor(field: string, cure: string) {
    super(`${field}: ${cure}.`);
    this.field = field;
  }
}
