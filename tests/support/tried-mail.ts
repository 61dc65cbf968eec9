import fc from "fast-check";
import type { MessageEvent, SessionEvent } from "#core/contract/event.ts";
import type { CompiledPolicy } from "#core/policy/compile.ts";
import { stuffed } from "./fake-pop3-server.ts";
import { generatedMessage } from "./generated-message.ts";
import { seededRandom } from "./seeded-random.ts";
import { smallZip } from "./small-zip.ts";
import { SmtpClient } from "./smtp-client.ts";
import type { SmtpGateway } from "./smtp-gateway.ts";
import { onlyPolicy } from "./tried-policy.ts";
import { waitUntil } from "./wait-until.ts";

export type TriedMail = { helo: string; sender: string; recipients: string[]; text: string };

/** Above the message; a reading of some is too long to be kept. */
const lines = ["", "", "DKIM-Signature: v=1; broken\r\n", `Subject: an ${"invoice ".repeat(50)}\r\n`];

const generated = fc.nat().map((seed) => generatedMessage(seededRandom(seed)));
/** With an archive, of which some hold a program. */
const zipped = fc.constantFrom("setup.exe", "note.txt").map((name) => {
  const archive = smallZip(name, Buffer.from("MZ, or not")).toString("base64");
  const file = "Content-Type: application/zip; name=a.zip\r\nContent-Transfer-Encoding: base64";
  return `From: a@sender.test\r\nSubject: archive\r\nMIME-Version: 1.0\r\n${file}\r\n\r\n${archive}\r\n`;
});

export const triedMail: fc.Arbitrary<TriedMail> = fc.record({
  helo: fc.constantFrom("client.test", "client.test", "odd.test"),
  sender: fc.constantFrom("a@sender.test", "x@other.test", ""),
  recipients: fc.uniqueArray(fc.constantFrom("b@inside.test", "c@inside.test", "d@new.test"), { minLength: 1 }),
  text: fc
    .tuple(fc.constantFrom(...lines), fc.oneof({ weight: 3, arbitrary: generated }, { weight: 2, arbitrary: zipped }))
    .map(([line, message]) => line + message),
});

/** Sends the mail over a socket under the policy, as revision 1; gives what was told of it: an event for each copy, or that its session was refused. */
export async function sendTried(
  gateway: SmtpGateway,
  policy: CompiledPolicy,
  mail: TriedMail,
): Promise<(MessageEvent | SessionEvent)[]> {
  gateway.governing = { policy: onlyPolicy(policy), revision: 1 };
  const [before, open] = [gateway.events.length, gateway.openSessions];
  const client = await SmtpClient.connect(gateway.port);
  try {
    await converse(client, mail);
  } finally {
    client.close();
    await waitUntil("the session ends", () => gateway.openSessions === open);
  }
  return gateway.events.slice(before).filter((event) => event.kind === "message" || event.kind === "session");
}

/** As a sender does that gives up once nobody is taken. */
async function converse(client: SmtpClient, { helo, sender, recipients, text }: TriedMail): Promise<void> {
  const isTaken = async (line: string) => (await client.command(line)).startsWith("2");
  // RFC 6152 §2
  const eightBit = /[^\x00-\x7f]/.test(text) ? " BODY=8BITMIME" : "";
  if (!(await isTaken(`EHLO ${helo}`)) || !(await isTaken(`MAIL FROM:<${sender}>${eightBit}`))) return;
  let taken = 0;
  for (const recipient of recipients) {
    const reply = await client.command(`RCPT TO:<${recipient}>`);
    if (reply === "closed") return;
    if (reply.startsWith("2")) taken++;
  }
  if (taken === 0 || !(await client.command("DATA")).startsWith("354")) return;
  client.send(`${stuffed(text)}.\r\n`);
  await client.reply();
}
