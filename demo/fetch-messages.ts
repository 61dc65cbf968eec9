import { Dialogue } from "./dialogue.ts";

export type Fetching = { host: string; port: number; user: string; password: string; deleteAfter: boolean };

/** Fetches every message of a mailbox by POP3, as a mail program does; gives each as its lines. Rejects on -ERR and broken conversations. */
export async function fetchMessages(fetching: Fetching): Promise<string[][]> {
  const dialogue = await Dialogue.open(fetching.host, fetching.port);
  const command = async (text: string): Promise<string> => {
    await dialogue.send(`${text}\r\n`);
    const answer = await dialogue.line();
    if (!answer.startsWith("+OK")) throw new Error(`${text.split(" ")[0]}: ${answer}`);
    return answer;
  };
  try {
    await dialogue.line();
    await command(`USER ${fetching.user}`);
    await command(`PASS ${fetching.password}`);
    const count = Number((await command("STAT")).split(" ")[1]);
    const messages: string[][] = [];
    for (let number = 1; number <= count; number++) {
      await command(`RETR ${number}`);
      messages.push(await readLines(dialogue));
      if (fetching.deleteAfter) await command(`DELE ${number}`);
    }
    await command("QUIT");
    return messages;
  } finally {
    dialogue.close();
  }
}

/** Whether Postern wrote it in the place of a message. */
export function isNotice(lines: readonly string[]): boolean {
  return lines.slice(0, lines.indexOf("")).some((line) => line.startsWith("X-Postern-Id:"));
}

async function readLines(dialogue: Dialogue): Promise<string[]> {
  const lines: string[] = [];
  for (;;) {
    const line = await dialogue.line();
    if (line === ".") return lines;
    lines.push(line.startsWith(".") ? line.slice(1) : line);
  }
}
