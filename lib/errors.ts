import type { ErrorCode } from "./error-codes.ts";

/** Per field of a form, what is wrong with it. */
export type FieldErrors = Record<string, string[]>;

/** An object of the draft as it is now, with its version. */
export type Current = { version: number; value: unknown };
type Options = { fields?: FieldErrors; current?: Current | undefined; cause?: unknown };

/**
 * An error whose message may be shown to the person: what happened, why, what to do. `code` is shown
 * with it, and is what programs and support go by. What must stay private goes into `cause`, which only the log sees.
 */
export class PublicError extends Error {
  readonly code: ErrorCode;
  readonly publicMessage: string;
  readonly fields: FieldErrors | undefined;
  /** Of an edit that met another's: what is there now. */
  readonly current: Current | undefined;

  constructor(code: ErrorCode, publicMessage: string, options: Options = {}) {
    super(publicMessage, { cause: options.cause });
    this.name = "PublicError";
    this.code = code;
    this.publicMessage = publicMessage;
    this.fields = options.fields;
    this.current = options.current;
  }
}
