import { X509Certificate } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { isIP } from "node:net";
import { dirname, resolve } from "node:path";
import { parseDocument } from "yaml";
import { z } from "zod";
import { certificatesMax } from "#core/contract/certificate.ts";
import type { Credential } from "#core/contract/credential.ts";
import { nameSchema } from "#core/contract/name.ts";
import { configuredCredentialsSchema, readConfiguredCredentials } from "./credentials/configured-credentials.ts";
import { type PinnedKey, pinKey } from "./policy/verify-bundle.ts";
import type { CertificateFiles } from "./tls/certificate-store.ts";

const tokenCharactersMin = 16;
const configBytesMax = 1024 * 1024;
const quarantineBytesMin = 1024 * 1024;
const quarantineBytesDefault = 10 * 1024 * 1024 * 1024;

const port = z.number().int().min(0).max(65_535);

/** `192.0.2.1`, `192.0.2.1:5353`, `2001:db8::1` or `[2001:db8::1]:53`. */
const nameServerSchema = z.string().refine((text) => {
  if (isIP(text) !== 0) return true;
  const [, address = "", number] = /^\[?([^[\]]+?)\]?:([1-9]\d{0,4})$/.exec(text) ?? [];
  return isIP(address) === (text.startsWith("[") ? 6 : 4) && port.safeParse(Number(number)).success;
}, "a name server is an address, or address:port");

const workerConfigSchema = z.strictObject({
  /** Where the spool, the last good policy and unanswered reports live. */
  stateDir: z.string().min(1),
  /** A policy document for a worker that runs without a console. */
  policyFile: z.string().min(1).optional(),
  workerId: z
    .string()
    .regex(/^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$/, "use up to 64 letters, digits, dots, dashes and underscores")
    .default("standalone"),
  control: z
    .strictObject({
      address: z.union([z.ipv4(), z.ipv6()]).default("127.0.0.1"),
      port,
      tokenFile: z.string().min(1),
      publicKeyFile: z.string().min(1),
    })
    .optional(),
  /** For the listeners that name them. PEM files; keys may be read by the worker only (0600). */
  certificates: z
    .array(z.strictObject({ name: nameSchema, certFile: z.string().min(1), keyFile: z.string().min(1) }))
    .max(certificatesMax)
    .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, "two certificates have the same name")
    .default([]),
  /** What routes that name them log in to their servers with, besides those that the console gives. */
  credentials: configuredCredentialsSchema,
  /** Resolvers for routes by MX and for checks of senders, in place of the system's. */
  nameServers: z.array(nameServerSchema).max(8).default([]),
  /** Certificate authorities that are trusted for upstream servers, besides the well-known ones: a PEM file. */
  trustedAuthoritiesFile: z.string().min(1).optional(),
  /** What is kept for people to decide about. `bytesMax`: of all of it together; past it nothing more is kept, and its senders are asked to come again. */
  quarantine: z
    .strictObject({ bytesMax: z.number().int().min(quarantineBytesMin).default(quarantineBytesDefault) })
    .prefault({}),
  console: z.strictObject({ url: z.url({ protocol: /^https?$/ }), tokenFile: z.string().min(1) }).optional(),
});

export type ControlConfig = { address: string; port: number; token: string; pinned: PinnedKey | null };
export type ConsoleConfig = { url: string; token: string };
export type WorkerConfig = {
  workerId: string;
  stateDir: string;
  policyFile: string | null;
  control: ControlConfig | null;
  console: ConsoleConfig | null;
  certificates: CertificateFiles[];
  credentials: Credential[];
  nameServers: string[];
  quarantine: { bytesMax: number };
  /** PEM, or null: none besides the well-known ones. */
  trustedAuthorities: string | null;
};

/** What is wrong with worker.yaml: every bad key, with why and what to do. */
export class ConfigError extends Error {
  readonly reasons: readonly string[];
  constructor(path: string, reasons: readonly string[]) {
    super(`${path} cannot be used:\n${reasons.map((reason) => `  - ${reason}`).join("\n")}`);
    this.reasons = reasons;
  }
}

/** Reads worker.yaml and the files that it names; paths in it are relative to it. Throws ConfigError. */
export function readConfig(path: string): WorkerConfig {
  const file = resolve(path);
  const text = readText(file, "name an existing file with --config");
  if (text instanceof Error) throw new ConfigError(path, [text.message]);
  const parsed = workerConfigSchema.safeParse(parseYaml(path, text));
  if (!parsed.success) throw new ConfigError(path, parsed.error.issues.map(issueWords));
  const { stateDir, policyFile, workerId, control, console, certificates, trustedAuthoritiesFile, nameServers } =
    parsed.data;
  const files = new NamedFiles(dirname(file));
  const config: WorkerConfig = {
    workerId,
    stateDir: files.at(stateDir),
    policyFile: policyFile === undefined ? null : files.at(policyFile),
    control: control === undefined ? null : readControl(control, files),
    console:
      console === undefined ? null : { url: console.url, token: files.token("console.tokenFile", console.tokenFile) },
    certificates: certificates.map(({ name, certFile, keyFile }) => ({
      name,
      certFile: files.at(certFile),
      keyFile: files.at(keyFile),
    })),
    credentials: readConfiguredCredentials(parsed.data.credentials, (key, name) => files.secret(key, name)),
    nameServers,
    quarantine: parsed.data.quarantine,
    trustedAuthorities: trustedAuthoritiesFile === undefined ? null : files.authorities(trustedAuthoritiesFile),
  };
  files.checkCertificates(config.certificates);
  if (config.policyFile === null && config.control === null) {
    files.reasons.push(
      "policyFile, control: neither is there: name a policyFile, or a control section so that a console can push one",
    );
  }
  if (files.reasons.length > 0) throw new ConfigError(path, files.reasons);
  return config;
}

type ControlSection = NonNullable<z.infer<typeof workerConfigSchema>["control"]>;

function readControl(
  { address, port: number, tokenFile, publicKeyFile }: ControlSection,
  files: NamedFiles,
): ControlConfig {
  const token = files.token("control.tokenFile", tokenFile);
  return { address, port: number, token, pinned: files.publicKey("control.publicKeyFile", publicKeyFile) };
}

/** The files that a configuration names, and what is wrong with them. */
class NamedFiles {
  readonly reasons: string[] = [];
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  at(name: string): string {
    return resolve(this.#folder, name);
  }

  token(key: string, name: string): string {
    const token = this.#read(key, name);
    if (token !== "" && token.length < tokenCharactersMin) {
      this.reasons.push(
        `${key}: the token in ${name} is shorter than ${tokenCharactersMin} characters: put a random one there`,
      );
    }
    return token;
  }

  publicKey(key: string, name: string): PinnedKey | null {
    const pem = this.#read(key, name);
    const pinned = pem === "" ? null : tryPinKey(pem);
    if (pem !== "" && pinned === null) {
      this.reasons.push(`${key}: ${name} holds no Ed25519 public key in PEM: put the console's there`);
    }
    return pinned;
  }

  /** As it stands in the file, without the line's end. */
  secret(key: string, name: string): string {
    const text = readText(this.at(name), "create it (0600), or correct the path");
    if (text instanceof Error) this.reasons.push(`${key}: ${text.message}`);
    else if (isOpenToOthers(this.at(name))) this.reasons.push(`${key}: ${name} may be read by others: chmod 600`);
    else return text.replace(/\r?\n$/, "");
    return "";
  }

  authorities(name: string): string {
    const pem = this.#read("trustedAuthoritiesFile", name);
    if (pem !== "" && !holdsCertificates(pem)) {
      this.reasons.push(`trustedAuthoritiesFile: ${name} holds no certificate in PEM: put the authority's there`);
    }
    return pem;
  }

  /** Whether they can be read; what is in them is judged when they are loaded, and again when they change. */
  checkCertificates(certificates: readonly CertificateFiles[]): void {
    certificates.forEach(({ certFile, keyFile }, index) => {
      this.#read(`certificates.${index}.certFile`, certFile);
      this.#read(`certificates.${index}.keyFile`, keyFile);
    });
  }

  #read(key: string, name: string): string {
    const value = readText(this.at(name), "create it (0600), or correct the path");
    if (!(value instanceof Error)) return value.trim();
    this.reasons.push(`${key}: ${value.message}`);
    return "";
  }
}

function isOpenToOthers(path: string): boolean {
  return (statSync(path).mode & 0o077) !== 0;
}

/** Whether every block of the text is a certificate, and there is one. */
function holdsCertificates(pem: string): boolean {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    return blocks.map((block) => new X509Certificate(block)).length > 0;
  } catch {
    return false;
  }
}

function tryPinKey(pem: string): PinnedKey | null {
  try {
    return pinKey(pem);
  } catch {
    return null;
  }
}

function parseYaml(path: string, text: string): unknown {
  const document = parseDocument(text, { stringKeys: true });
  if (document.errors.length > 0)
    throw new ConfigError(
      path,
      document.errors.map((error) => error.message),
    );
  return document.toJS({ maxAliasCount: 0 }) as unknown;
}

function readText(path: string, advice: string): string | Error {
  try {
    const text = readFileSync(path, "utf8");
    if (text.length > configBytesMax) return new Error(`${path} is larger than ${configBytesMax} bytes: ${advice}`);
    if (text.trim() === "") return new Error(`${path} is empty: ${advice}`);
    return text;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "error";
    return new Error(`${path} cannot be read (${code}): ${advice}`);
  }
}

function issueWords(issue: z.core.$ZodIssue): string {
  const key = issue.path.join(".");
  if (issue.code === "unrecognized_keys") {
    const names = issue.keys.map((name) => (key === "" ? name : `${key}.${name}`));
    return `${names.join(", ")}: unknown: correct the spelling, or take it out`;
  }
  if (issue.code === "invalid_type" && issue.input === undefined)
    return `${key === "" ? "the file" : key}: missing: add it`;
  return `${key === "" ? "the file" : key}: ${issue.message}`;
}
