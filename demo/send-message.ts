import { DotEncoder } from "#core/bytes/dot-encoder.ts";
import { Dialogue } from "./dialogue.ts";

export type Outgoing = { host: string; port: number; from: string; to: string; message: Uint8Array };

/** How a server took a message: its last words, and at which command they came. */
export type SendOutcome = { accepted: boolean; stage: string; reply: string };

const sliceBytes = 64 * 1024;

/**
 * Sends one message by SMTP and tells each line of the dialogue to `onLine`, C: and S:. A refusal is an outcome; rejects only when the
 * conversation breaks off.
 */
export async function sendMessage(
  outgoing: Outgoing,
  onLine: (line: string) => void = () => undefined,
): Promise<SendOutcome> {
  const dialogue = await Dialogue.open(outgoing.host, outgoing.port);
  try {
    const steps: [string, string | null][] = [
      ["greeting", null],
      ["EHLO", "EHLO demo-sender.postern.invalid"],
      ["MAIL", `MAIL FROM:<${outgoing.from}> SIZE=${outgoing.message.length}`],
      ["RCPT", `RCPT TO:<${outgoing.to}>`],
      ["DATA", "DATA"],
    ];
    for (const [stage, command] of steps) {
      if (command !== null) {
        onLine(`C: ${command}`);
        await dialogue.send(`${command}\r\n`);
      }
      const reply = await readReply(dialogue, onLine);
      if (!/^[23]/.test(reply)) return { accepted: false, stage, reply };
    }
    onLine(`C: (${outgoing.message.length} bytes)`);
    await sendBody(dialogue, outgoing.message);
    const reply = await readReply(dialogue, onLine);
    await dialogue.send("QUIT\r\n");
    return { accepted: reply.startsWith("2"), stage: "message", reply };
  } finally {
    dialogue.close();
  }
}

async function readReply(dialogue: Dialogue, onLine: (line: string) => void): Promise<string> {
  for (;;) {
    const line = await dialogue.line();
    onLine(`S: ${line}`);
    if (line[3] !== "-") return line;
  }
}

async function sendBody(dialogue: Dialogue, message: Uint8Array): Promise<void> {
  const waiting: Uint8Array[] = [];
  const encoder = new DotEncoder((slice) => waiting.push(slice));
  for (let at = 0; at < message.length; at += sliceBytes) {
    encoder.write(message.subarray(at, at + sliceBytes));
    await dialogue.send(Buffer.concat(waiting.splice(0)));
  }
  encoder.end();
  await dialogue.send(Buffer.concat(waiting));
}
