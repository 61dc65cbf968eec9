import { expect } from "vitest";
import type { SmtpClient } from "./smtp-client.ts";
import type { SmtpGateway } from "./smtp-gateway.ts";

/** EHLO, MAIL and RCPT; gives the beginnings of the replies to RCPT. */
export async function envelope(client: SmtpClient, recipients: readonly string[]): Promise<string[]> {
  await client.command("EHLO c.test");
  await client.command("MAIL FROM:<s@sender.test>");
  const replies: string[] = [];
  for (const recipient of recipients) replies.push(await client.command(`RCPT TO:<${recipient}>`));
  return replies.map((reply) => reply.slice(0, 9));
}

/** DATA, which must be taken, and the message; gives the last reply. */
export async function send(client: SmtpClient, message: string): Promise<string> {
  expect(await client.command("DATA")).toMatch(/^354/);
  client.send(`${message.replace(/^\./gm, "..")}.\r\n`);
  return await client.reply();
}

/** What the queue holds, oldest first. */
export function entries({ spool }: SmtpGateway) {
  return [...spool.ids()].map((id) => spool.entry(id));
}
