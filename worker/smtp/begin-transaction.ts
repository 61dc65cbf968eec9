import type { SmtpProxyAction } from "#core/contract/policy-document.ts";
import { type MailParameters, readMailParameters } from "#core/smtp/parameters.ts";
import { replies } from "#core/smtp/reply-codes.ts";
import type { Admission } from "../services.ts";
import { type Answer, answer } from "./answer.ts";
import { type MailCommand, Transaction } from "./transaction.ts";
import type { TransactionOptions } from "./transaction-options.ts";

/** Answers MAIL under the policy that is in force now; the transaction is null where it was refused. */
export function beginTransaction(
  admission: Admission,
  { sender, utf8, parameters }: MailCommand,
  {
    upstreamKnown,
    ...session
  }: Pick<TransactionOptions, "client" | "bound" | "offered" | "fault"> & {
    upstreamKnown: boolean;
  },
): { said: Answer; transaction: Transaction | null } {
  const refused = (reply: (typeof replies)[keyof typeof replies]) => ({ said: answer(reply), transaction: null });
  const governing = admission.resolve();
  if (governing === null) return refused(replies.noPolicy);
  const read = readMailParameters(parameters, session.offered);
  if (!read.ok) return refused(read.problem === "unknown" ? replies.badParameter : replies.badSyntax);
  if (utf8 && !read.value.smtpUtf8) return refused(replies.needsSmtpUtf8); // RFC 6531 §3.5
  const { route, action } = governing.policy;
  if (route.protocol !== "smtp") return refused(replies.noPolicy);
  const definition = smtpDefinition(action.definition);
  if (definition.settings.auth.required && session.client.auth === null) {
    // Where the server could not be asked nobody could log in; that passes.
    return refused(upstreamKnown ? replies.needsAuth : replies.upstreamUnreachable);
  }
  const mail = { sender, parameters: withSubmitter(read.value, session.client.auth !== null) };
  const transaction = new Transaction({ admission, governing, definition, route, ...mail, ...session });
  const said = transaction.begin();
  return { said, transaction: said.reply.code >= 400 ? null : transaction };
}

/** RFC 4954 §5: what a client says that has not authenticated goes on as "nobody knows". */
function withSubmitter(parameters: MailParameters, authenticated: boolean): MailParameters {
  const { auth, passed } = parameters;
  if (auth === null) return parameters;
  return { ...parameters, passed: [...passed, `AUTH=${authenticated ? auth : "<>"}`] };
}

export function smtpDefinition(definition: Admission["governing"]["policy"]["action"]["definition"]): SmtpProxyAction {
  if (definition.protocol !== "smtp") throw new Error("an SMTP session with another protocol's action");
  return definition;
}
