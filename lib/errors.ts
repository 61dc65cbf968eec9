/** Per field of a form, what is wrong with it. */
export type FieldErrors = Record<string, string[]>;

/**
 * An error whose message may be shown to the person: what happened, why, what to do. `code` is for programs and
 * support. What must stay private goes into `cause`, which only the log sees.
 */
export class PublicError extends Error {
  readonly code: string;
  readonly publicMessage: string;
  readonly fields: FieldErrors | undefined;

  constructor(code: string, publicMessage: string, options: { fields?: FieldErrors; cause?: unknown } = {}) {
    super(publicMessage, { cause: options.cause });
    this.name = "PublicError";
    this.code = code;
    this.publicMessage = publicMessage;
    this.fields = options.fields;
  }
}
