/** A reply's code with its enhanced code (RFC 5321 §4.2, RFC 3463 §2), and its words; code null: we said it, about a server that did not. */
export function replyParts(reply: string): { code: string | null; text: string } {
  const [, code = null, text = ""] = /^([2-5]\d\d(?: [245]\.\d{1,3}\.\d{1,3})?) (.*)$/s.exec(reply) ?? [];
  return code === null ? { code, text: reply } : { code, text };
}
