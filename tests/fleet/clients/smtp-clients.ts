import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createTransport } from "nodemailer";
import { runProgram } from "./run-program.ts";

export type Submission = { port: number; sender: string; recipient: string; text: string };

/** What the client heard: whether it counts the message as sent, and the text in which its last reply is found. */
export type Outcome = { sent: boolean; heard: string };

export type SmtpClient = { name: string; programs: readonly string[]; send(submission: Submission): Promise<Outcome> };

const pythonScript = fileURLToPath(new URL("./smtp_send.py", import.meta.url));

async function withFile<T>(text: string, use: (path: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "postern-mail-"));
  try {
    const path = join(folder, "message.eml");
    writeFileSync(path, text);
    return await use(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const swaks: SmtpClient = {
  name: "swaks",
  programs: ["swaks"],
  send: ({ port, sender, recipient, text }) =>
    // swaks ends the last line itself.
    withFile(text.replace(/\r\n$/, ""), async (path) => {
      const envelope = ["--from", sender, "--to", recipient];
      const server = ["--server", "127.0.0.1", "--port", String(port), "--timeout", "20"];
      const result = await runProgram("swaks", [...server, ...envelope, "--data", `@${path}`, "--no-strip-from"]);
      return { sent: result.code === 0, heard: result.output };
    }),
};

const curl: SmtpClient = {
  name: "curl",
  programs: ["curl"],
  send: ({ port, sender, recipient, text }) =>
    withFile(text, async (path) => {
      const envelope = ["--mail-from", sender, "--mail-rcpt", recipient, "--upload-file", path];
      const result = await runProgram("curl", [
        "-sS",
        "-v",
        "--max-time",
        "20",
        `smtp://127.0.0.1:${port}`,
        ...envelope,
      ]);
      return { sent: result.code === 0, heard: result.output };
    }),
};

const smtplib: SmtpClient = {
  name: "Python's smtplib",
  programs: ["python3"],
  send: async ({ port, sender, recipient, text }) => {
    const args = [pythonScript, "127.0.0.1", String(port), sender, recipient];
    const result = await runProgram("python3", args, text);
    return { sent: result.output.startsWith("250"), heard: result.output };
  },
};

const nodemailer: SmtpClient = {
  name: "nodemailer",
  programs: [],
  send: async ({ port, sender, recipient, text }) => {
    const transport = createTransport({ host: "127.0.0.1", port, secure: false, ignoreTLS: true });
    try {
      const sent = await transport.sendMail({ envelope: { from: sender, to: recipient }, raw: text });
      return { sent: true, heard: sent.response };
    } catch (error) {
      return { sent: false, heard: String(error) };
    } finally {
      transport.close();
    }
  },
};

export const smtpClients: readonly SmtpClient[] = [swaks, curl, smtplib, nodemailer];
