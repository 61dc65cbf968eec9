import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ProgramResult, runProgram } from "./run-program.ts";

export type Login = "user" | "apop" | "PLAIN" | "LOGIN" | "CRAM-MD5" | "SCRAM-SHA-1" | "SCRAM-SHA-256";
export type MailboxSecurity = "clear" | "stls" | "implicit";

export type MailboxVisit = {
  port: number;
  user: string;
  password: string;
  security: MailboxSecurity;
  /** The certificates to trust; read only where there is TLS. */
  authorityFile: string;
  login: Login;
  /** Leave the messages on the server; what was fetched by a visit with the same `memory` is not fetched again. */
  keep: boolean;
  /** A folder of the client's own. */
  memory: string;
};

/** What was fetched, in order, with CRLF line ends; `heard`: everything it printed. */
export type Fetched = { messages: Buffer[]; code: number | null; heard: string };

/** A POP3 client that fetches whole mailboxes, as people run it. */
export type MailboxClient = {
  name: string;
  programs: readonly string[];
  securities: readonly MailboxSecurity[];
  logins: readonly Login[];
  fetch(visit: MailboxVisit): Promise<Fetched>;
};

const everySecurity = ["clear", "stls", "implicit"] as const;
const host = "localhost";
/** How long a visit to a large mailbox may take. */
const visitMs = 120_000;
const pythonFetch = fileURLToPath(new URL("./pop3_fetch.py", import.meta.url));

function run(program: string, args: readonly string[]): Promise<ProgramResult> {
  return runProgram(program, args, "", visitMs);
}

/** An empty folder for one visit's messages, in the client's memory. */
function outFolder(memory: string): string {
  mkdirSync(memory, { recursive: true });
  return mkdtempSync(join(memory, "out-"));
}

/** Writes a file that only its owner may read, as these clients demand. */
function ownFile(memory: string, name: string, lines: readonly string[]): string {
  const path = join(memory, name);
  writeFileSync(path, `${lines.join("\n")}\n`);
  chmodSync(path, 0o600);
  return path;
}

/** A delivery program that keeps each message in a file of its own, in the order of arrival. */
function deliveryScript(memory: string): string {
  const path = ownFile(memory, "deliver.sh", ["#!/bin/bash", 'exec cat >"$1/$EPOCHREALTIME"']);
  chmodSync(path, 0o700);
  return path;
}

function fetched(out: string, { code, output }: ProgramResult): Fetched {
  const names = existsSync(out) ? readdirSync(out).sort() : [];
  const messages = names.map((name) => readFileSync(join(out, name)));
  return { messages, code, heard: output };
}

/** Messages as a delivery program gets them, with the line ends of the wire and without what the client itself puts in. */
function asWire({ messages, ...rest }: Fetched, added?: RegExp): Fetched {
  const wire = messages.map((stored) => {
    const text = stored.toString("latin1").replaceAll("\n", "\r\n");
    return Buffer.from(added === undefined ? text : text.replace(added, ""), "latin1");
  });
  return { messages: wire, ...rest };
}

const fetchmail: MailboxClient = {
  name: "fetchmail",
  programs: ["fetchmail"],
  securities: everySecurity,
  logins: ["user", "apop", "CRAM-MD5"],
  fetch: async ({ memory, port, user, password, security, authorityFile, login, keep }) => {
    const out = outFolder(memory);
    const tls = {
      clear: 'sslproto ""',
      stls: `sslproto "TLS1.2+" sslcertck sslcertfile "${authorityFile}"`,
      implicit: `ssl sslcertck sslcertfile "${authorityFile}"`,
    }[security];
    const how: Partial<Record<Login, string>> = { user: "auth password", "CRAM-MD5": "auth cram-md5" };
    const configuration = ownFile(memory, "fetchmailrc", [
      "set no bouncemail",
      "set invisible",
      `poll ${host} service ${port} protocol ${login === "apop" ? "apop" : "pop3"} ${how[login] ?? ""} uidl timeout 60`,
      `  user "${user}" password "${password}" ${tls} norewrite ${keep ? "keep" : "nokeep"}`,
      `  mda "${deliveryScript(memory)} ${out}"`,
    ]);
    const files = ["-f", configuration, "-i", join(memory, "ids"), "--pidfile", join(memory, "pid")];
    return asWire(fetched(out, await run("fetchmail", ["-v", ...files])));
  },
};

const mpop: MailboxClient = {
  name: "mpop",
  programs: ["mpop"],
  securities: everySecurity,
  logins: ["user", "PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"],
  fetch: async ({ memory, port, user, password, security, authorityFile, login, keep }) => {
    const out = outFolder(memory);
    const tls = security === "clear" ? ["tls off"] : ["tls on", `tls_trust_file ${authorityFile}`];
    const configuration = ownFile(memory, "mpoprc", [
      "account default",
      `host ${host}`,
      `port ${port}`,
      `user ${user}`,
      `password ${password}`,
      `auth ${login.toLowerCase()}`,
      ...tls,
      `tls_starttls ${security === "stls" ? "on" : "off"}`,
      `keep ${keep ? "on" : "off"}`,
      `uidls_file ${join(memory, "uidls")}`,
      "received_header off",
      `delivery mda ${deliveryScript(memory)} ${out}`,
    ]);
    return asWire(fetched(out, await run("mpop", ["-C", configuration, "-d"])));
  },
};

const getmail: MailboxClient = {
  name: "getmail6",
  programs: ["getmail"],
  securities: ["clear", "implicit"],
  logins: ["user", "apop"],
  fetch: async ({ memory, port, user, password, security, authorityFile, login, keep }) => {
    const out = outFolder(memory);
    const tls = security === "clear" ? [] : [`ca_certs = ${authorityFile}`];
    const configuration = ownFile(memory, "getmailrc", [
      "[retriever]",
      `type = ${security === "clear" ? "SimplePOP3Retriever" : "SimplePOP3SSLRetriever"}`,
      `server = ${host}`,
      `port = ${port}`,
      `username = ${user}`,
      `password = ${password}`,
      `use_apop = ${login === "apop"}`,
      ...tls,
      "[destination]",
      "type = MDA_external",
      `path = ${deliveryScript(memory)}`,
      `arguments = ("${out}",)`,
      "allow_root_commands = true",
      "[options]",
      "read_all = false",
      `delete = ${!keep}`,
      "delivered_to = false",
      "received = false",
    ]);
    const result = await run("getmail", ["--getmaildir", memory, "--rcfile", configuration]);
    // It puts a line on top of each.
    return asWire(fetched(out, result), /^Return-Path: <unknown>\r\n/);
  },
};

const poplib: MailboxClient = {
  name: "poplib",
  programs: ["python3"],
  securities: everySecurity,
  logins: ["user", "apop"],
  fetch: async ({ memory, port, user, password, security, authorityFile, login, keep }) => {
    const out = outFolder(memory);
    const account = [host, String(port), user, password, security, authorityFile, login];
    const args = [pythonFetch, ...account, keep ? "keep" : "delete", join(memory, "seen"), out];
    return fetched(out, await run("python3", args));
  },
};

/** curl takes one message a transfer and remembers nothing: what it lists is what it is told to fetch, over one connection. */
const curl: MailboxClient = {
  name: "curl",
  programs: ["curl"],
  securities: everySecurity,
  logins: ["user", "apop", "PLAIN", "LOGIN", "CRAM-MD5"],
  fetch: async ({ memory, port, user, password, security, authorityFile, login, keep }) => {
    const out = outFolder(memory);
    const tls = { clear: [], stls: ["--ssl-reqd"], implicit: [] }[security];
    const mechanism = login === "apop" ? "+APOP" : login;
    const how = login === "user" ? [] : ["--login-options", `AUTH=${mechanism}`];
    const trust = security === "clear" ? [] : ["--cacert", authorityFile];
    const common = ["-sS", "--max-time", "100", "--user", `${user}:${password}`, ...tls, ...how, ...trust];
    const url = `${security === "implicit" ? "pop3s" : "pop3"}://${host}:${port}/`;
    const list = await run("curl", [...common, "--request", "UIDL", url]);
    const seenFile = join(memory, "seen");
    const seen = new Set(readLines(seenFile));
    const fresh = list.stdout
      .toString("latin1")
      .split("\r\n")
      .filter((line) => line !== "" && !seen.has(line.split(" ")[1] ?? ""))
      .map((line) => line.split(" ")[0] ?? "");
    if (list.code !== 0 || fresh.length === 0) return { messages: [], code: list.code, heard: list.output };
    const transfers = fresh.map((number) => [...common, "-o", join(out, number.padStart(9, "0")), `${url}${number}`]);
    const deletions = keep ? [] : fresh.map((number) => [...common, "--head", "--request", `DELE ${number}`, url]);
    const args = [...transfers, ...deletions].flatMap((one) => ["--next", ...one]).slice(1);
    const result = await run("curl", args);
    writeFileSync(seenFile, list.stdout.toString("latin1").replace(/^\d+ /gm, ""));
    return fetched(out, result);
  },
};

function readLines(file: string): string[] {
  try {
    return readFileSync(file, "latin1").split("\r\n");
  } catch {
    return [];
  }
}

/** mutt shows the mailbox itself and is told by keystrokes to copy what is new; its cache of messages is its memory. */
const mutt: MailboxClient = {
  name: "mutt",
  programs: ["mutt", "script"],
  securities: everySecurity,
  logins: ["user", "apop", "PLAIN", "CRAM-MD5"],
  fetch: async ({ memory, port, user, password, security, authorityFile, login, keep }) => {
    const out = outFolder(memory);
    mkdirSync(join(memory, "cache"), { recursive: true });
    const scheme = security === "implicit" ? "pops" : "pop";
    const configuration = ownFile(memory, "muttrc", [
      `set folder="${out}" spoolfile="${scheme}://${user}@${host}:${port}" pop_pass="${password}"`,
      `set pop_authenticators="${login.toLowerCase()}"`,
      `set ssl_starttls=${security === "stls" ? "yes" : "no"} ssl_force_tls=${security === "clear" ? "no" : "yes"} ssl_use_system_certs=no`,
      `set certificate_file="${authorityFile}" ssl_verify_host=no`,
      `set message_cachedir="${join(memory, "cache")}" header_cache="${join(memory, "headers")}" message_cache_clean=no`,
      "set mbox_type=Maildir mail_check=600 timeout=600 sleep_time=0 wait_key=no confirmcreate=no confirmappend=no",
      `set delete=${keep ? "no" : "yes"} move=no mark_old=no copy=no pop_reconnect=no beep=no`,
    ]);
    const erase = keep ? "" : "<delete-pattern>~A<enter>";
    const keys = `<tag-pattern>~A<enter><tag-prefix><copy-message><kill-line>${join(out, "copy")}<enter>${erase}<quit>`;
    const command = `TERM=xterm mutt -n -F '${configuration}' -e 'push "${keys}"'`;
    const result = await run("script", ["-qec", command, "/dev/null"]);
    return asWire(fetched(join(out, "copy", "new"), result), /^(?:Content-Length|Lines): \d+\r\n/gm);
  },
};

export const mailboxClients: readonly MailboxClient[] = [fetchmail, mpop, getmail, poplib, curl, mutt];
