import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createTransport } from "nodemailer";
import { runProgram } from "./run-program.ts";

/** SCRAM is msmtp's alone. */
type LoginMechanism = "PLAIN" | "LOGIN" | "CRAM-MD5" | "SCRAM-SHA-1" | "SCRAM-SHA-256";

export type Submission = {
  port: number;
  sender: string;
  recipient: string;
  text: string;
  /** Absent: in the clear. */
  tls?: { mode: "starttls" | "implicit"; authorityFile: string };
  /** Absent: without logging in. */
  login?: { user: string; password: string; mechanism: LoginMechanism };
};

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

async function run(program: string, args: readonly string[], input = ""): Promise<Outcome> {
  const result = await runProgram(program, args, input);
  return { sent: result.code === 0, heard: result.output };
}

const swaks: SmtpClient = {
  name: "swaks",
  programs: ["swaks"],
  send: ({ port, sender, recipient, text, tls, login }) =>
    // swaks ends the last line itself.
    withFile(text.replace(/\r\n$/, ""), (path) => {
      const envelope = ["--from", sender, "--to", recipient];
      const server = ["--server", "127.0.0.1", "--port", String(port), "--timeout", "20"];
      const security = { none: [], starttls: ["--tls"], implicit: ["--tls-on-connect"] }[tls?.mode ?? "none"];
      const user = login === undefined ? [] : ["--auth", login.mechanism, "--auth-user", login.user];
      const password = login === undefined ? [] : ["--auth-password", login.password];
      const message = ["--data", `@${path}`, "--no-strip-from"];
      return run("swaks", [...server, ...security, ...user, ...password, ...envelope, ...message]);
    }),
};

const curl: SmtpClient = {
  name: "curl",
  programs: ["curl"],
  send: ({ port, sender, recipient, text, tls, login }) =>
    withFile(text, (path) => {
      const envelope = ["--mail-from", sender, "--mail-rcpt", recipient, "--upload-file", path];
      const security = tls === undefined ? [] : ["--ssl-reqd", "--cacert", tls.authorityFile];
      const url = `${tls?.mode === "implicit" ? "smtps" : "smtp"}://127.0.0.1:${port}`;
      const account =
        login === undefined
          ? []
          : ["--user", `${login.user}:${login.password}`, "--login-options", `AUTH=${login.mechanism}`];
      return run("curl", ["-sS", "-v", "--max-time", "20", ...security, ...account, url, ...envelope]);
    }),
};

const msmtp: SmtpClient = {
  name: "msmtp",
  programs: ["msmtp"],
  send: ({ port, sender, recipient, text, tls, login }) => {
    const server = ["--file=/dev/null", "--host=127.0.0.1", `--port=${port}`, "--timeout=20", `--from=${sender}`];
    const starttls = `--tls-starttls=${tls?.mode === "starttls" ? "on" : "off"}`;
    const security = tls === undefined ? [] : ["--tls=on", starttls, `--tls-trust-file=${tls.authorityFile}`];
    const account =
      login === undefined
        ? []
        : [`--auth=${login.mechanism.toLowerCase()}`, `--user=${login.user}`, `--passwordeval=echo ${login.password}`];
    // As sendmail's standard input: lines end with LF.
    return run("msmtp", [...server, ...security, ...account, "--debug", recipient], text.replaceAll("\r\n", "\n"));
  },
};

const smtplib: SmtpClient = {
  name: "Python's smtplib",
  programs: ["python3"],
  send: async ({ port, sender, recipient, text, tls, login }) => {
    const security = tls === undefined ? [] : ["--tls", tls.mode, tls.authorityFile];
    const account = login === undefined ? [] : ["--login", login.mechanism, login.user, login.password];
    const args = [pythonScript, "127.0.0.1", String(port), sender, recipient, ...security, ...account];
    const { heard } = await run("python3", args, text);
    return { sent: heard.startsWith("250"), heard };
  },
};

const nodemailer: SmtpClient = {
  name: "nodemailer",
  programs: [],
  send: async ({ port, sender, recipient, text, tls, login }) => {
    const security =
      tls === undefined
        ? { secure: false, ignoreTLS: true }
        : {
            secure: tls.mode === "implicit",
            requireTLS: true,
            tls: { ca: readFileSync(tls.authorityFile), servername: "localhost" },
          };
    const auth =
      login === undefined ? {} : { auth: { user: login.user, pass: login.password }, authMethod: login.mechanism };
    const transport = createTransport({ host: "127.0.0.1", port, ...security, ...auth });
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

export const smtpClients: readonly SmtpClient[] = [swaks, curl, msmtp, smtplib, nodemailer];
