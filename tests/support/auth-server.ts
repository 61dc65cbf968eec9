import { createHash, createHmac, pbkdf2Sync } from "node:crypto";
import type { Socket } from "node:net";
import type { FakeSmtpOptions } from "./fake-smtp-server.ts";

type ScramHash = "sha1" | "sha256" | "sha512";
const scramHashes: Record<string, ScramHash> = {
  "SCRAM-SHA-1": "sha1",
  "SCRAM-SHA-256": "sha256",
  "SCRAM-SHA-512": "sha512",
};

export type AuthServer = {
  user: string;
  password: string;
  mechanisms: string[];
  /** Signs with another password in SCRAM: it only pretends to know ours. */
  impostor?: boolean;
  /** In place of the answer to `AUTH …`. */
  answer?: (line: string) => string | undefined;
};

/** A fake server's side of AUTH (RFC 4954), for one connection at a time. `logins`: what each exchange came to. */
export function authOptions(
  auth: AuthServer,
  more: FakeSmtpOptions = {},
): { options: FakeSmtpOptions; logins: string[] } {
  const logins: string[] = [];
  const exchanges = new WeakMap<Socket, (line: string) => string>();
  const end = (socket: Socket, isRight: boolean, mechanism: string): string => {
    exchanges.delete(socket);
    logins.push(`${mechanism} ${isRight ? "right" : "wrong"}`);
    return isRight ? "235 2.7.0 welcome" : "535 5.7.8 no";
  };
  const begin = (socket: Socket, mechanism: string, initial: string | undefined): string => {
    const step = saslSteps(mechanism, auth);
    const next = (text: string): string => {
      if (text === "*") return end(socket, false, `${mechanism} cancelled`);
      const said = step(Buffer.from(text, "base64").toString("latin1"));
      return typeof said === "boolean"
        ? end(socket, said, mechanism)
        : `334 ${Buffer.from(said, "latin1").toString("base64")}`;
    };
    exchanges.set(socket, next);
    if (initial !== undefined) return next(initial);
    return mechanism === "LOGIN" || mechanism === "CRAM-MD5" ? next("") : "334 ";
  };
  const answer = (line: string, socket: Socket): string | null | undefined => {
    const running = exchanges.get(socket);
    if (running !== undefined) return running(line);
    const [, mechanism, initial] = /^AUTH (\S+)(?: (\S+))?$/.exec(line) ?? [];
    if (mechanism === undefined) return more.answer?.(line, socket);
    return auth.answer?.(line) ?? begin(socket, mechanism, initial);
  };
  const keywords = ["PIPELINING", `AUTH ${auth.mechanisms.join(" ")}`, ...(more.keywords ?? [])];
  return { options: { ...more, keywords, answer }, logins };
}

/** What a server says to each answer of an exchange: another challenge, or whether the login is right. */
export function saslSteps(
  mechanism: string,
  auth: Pick<AuthServer, "user" | "password" | "impostor">,
): (text: string) => string | boolean {
  const { user, password } = auth;
  const steps: string[] = [];
  const scram = scramHashes[mechanism];
  if (scram !== undefined) return scramSteps(scram, auth);
  switch (mechanism) {
    case "PLAIN":
      return (text) => text === `\0${user}\0${password}`;
    case "LOGIN":
      return (text) => {
        if (steps.push(text) === 1) return "Username:";
        return steps.length === 2 ? "Password:" : steps[1] === user && steps[2] === password;
      };
    case "CRAM-MD5":
      return (text) => {
        if (steps.push(text) === 1) return "<1@fake.test>";
        return text === `${user} ${createHmac("md5", password).update("<1@fake.test>").digest("hex")}`;
      };
    case "XOAUTH2":
      return (text) => {
        if (steps.push(text) === 2) return false;
        return text === `user=${user}\x01auth=Bearer ${password}\x01\x01` ? true : '{"status":"401"}';
      };
    default:
      return (text) => {
        if (steps.push(text) === 2) return false;
        return text.endsWith(`\x01auth=Bearer ${password}\x01\x01`) ? true : '{"status":"invalid_token"}';
      };
  }
}

function scramSteps(
  hash: ScramHash,
  { password, impostor }: Pick<AuthServer, "password" | "impostor">,
): (text: string) => string | boolean {
  const mac = (key: Buffer, text: string) => createHmac(hash, key).update(text).digest();
  const bytes = createHash(hash).digest().length;
  const salted = pbkdf2Sync(impostor === true ? "another" : password, "salt", 4096, bytes, hash);
  let bare = "";
  let first = "";
  let isRight = false;
  return (text) => {
    if (bare === "") {
      bare = text.slice("n,,".length);
      first = `r=${bare.slice(bare.indexOf(",r=") + 3)}server,s=${Buffer.from("salt").toString("base64")},i=4096`;
      return first;
    }
    if (text === "") return isRight;
    const [final = "", proof = ""] = text.split(",p=");
    const message = `${bare},${first},${final}`;
    const clientKey = mac(salted, "Client Key");
    const signature = mac(createHash(hash).update(clientKey).digest(), message);
    const given = Buffer.from(proof, "base64");
    isRight = impostor === true || clientKey.every((byte, at) => (byte ^ (signature[at] ?? 0)) === given[at]);
    return isRight ? `v=${mac(mac(salted, "Server Key"), message).toString("base64")}` : false;
  };
}
