import type { SmtpProxyAction, SmtpRoute } from "#core/contract/policy-document.ts";
import type { SmtpCapabilities } from "#core/smtp/capabilities.ts";
import type { MailParameters } from "#core/smtp/parameters.ts";
import type { Mailbox } from "#core/smtp/path.ts";
import type { Admission, GoverningPolicy } from "../services.ts";
import type { BoundUpstream } from "./bound-upstream.ts";
import type { Client } from "./message-record.ts";

/** What is fixed for a transaction when MAIL is taken. */
export type TransactionOptions = {
  admission: Admission;
  governing: GoverningPolicy;
  definition: SmtpProxyAction;
  /** The policy's usual one. */
  route: SmtpRoute;
  client: Client & { helo: string; esmtp: boolean };
  /** The connection on which the client logged in; null: those of the pool are used. */
  bound: BoundUpstream | null;
  offered: SmtpCapabilities;
  /** As it was received. */
  sender: Mailbox | null;
  parameters: MailParameters;
  /** A step failed by a defect of ours while somebody else's callback ran. */
  fault(error: unknown): void;
};

/** The destination calls back out of a connection or disk that others use too: what fails here is this session's alone. */
export function guarded<A extends unknown[]>(
  { fault }: Pick<TransactionOptions, "fault">,
  taker: (...given: A) => void,
): (...given: A) => void {
  return (...given) => {
    try {
      taker(...given);
    } catch (error) {
      fault(error);
    }
  };
}
