/** A question that got no answer. `code` as node:dns has it: ETIMEOUT, ESERVFAIL …; EBUSY and ELOOKUPS are ours. */
export class DnsFailure extends Error {
  readonly code: string;

  constructor(code: string, name: string) {
    super(`the DNS gave no answer about ${name} (${code})`);
    this.code = code;
  }
}

export function failureCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "EUNKNOWN";
}
