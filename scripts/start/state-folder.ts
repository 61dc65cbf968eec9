import { generateKeyPairSync, randomBytes } from "node:crypto";
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Document, parseDocument } from "yaml";
import type { Settings } from "./settings.ts";

export type StateFolder = {
  logs: string;
  postgres: string;
  masterKeyFile: string;
  signingKeyFile: string;
  signingPublicKeyFile: string;
  nextauthSecret: string;
  controlTokenFile: string;
  reportTokenFile: string;
  workerConfigFile: string;
};

export const workerId = "local";

/** Makes `.postern/` with its secrets and keys (0600, each only once) and writes the worker's configuration. */
export function prepareStateFolder(settings: Settings): StateFolder {
  const { stateFolder } = settings;
  const keys = join(stateFolder, "keys");
  const logs = join(stateFolder, "logs");
  // Passable, not readable: Postgres may run under another account (see scripts/database).
  mkdirSync(stateFolder, { recursive: true });
  chmodSync(stateFolder, process.getuid?.() === 0 ? 0o711 : 0o700);
  for (const folder of [keys, logs]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const secret = (name: string, make: () => string): string => ensureSecret(join(keys, name), make);
  const random = () => randomBytes(32).toString("base64url");
  const state: StateFolder = {
    logs,
    postgres: join(stateFolder, "postgres"),
    masterKeyFile: secret("master.key", () => randomBytes(32).toString("base64")),
    nextauthSecret: readFileSync(secret("nextauth.secret", random), "utf8").trim(),
    controlTokenFile: secret("worker-control.token", random),
    reportTokenFile: secret("worker-report.token", random),
    ...ensureSigningKey(keys),
    workerConfigFile: join(stateFolder, "worker.yaml"),
  };
  writeWorkerConfig(settings, state);
  return state;
}

/** Written whole under another name first: a start that is killed leaves no half secret. */
function ensureSecret(file: string, make: () => string): string {
  if (!existsSync(file)) {
    const fresh = `${file}.${process.pid}`;
    writeFileSync(fresh, `${make()}\n`, { mode: 0o600 });
    try {
      linkSync(fresh, file);
    } finally {
      rmSync(fresh, { force: true });
    }
  }
  chmodSync(file, 0o600);
  return file;
}

function ensureSigningKey(keys: string): { signingKeyFile: string; signingPublicKeyFile: string } {
  const privateFile = join(keys, "policy-signing.pem");
  const publicFile = join(keys, "policy-signing.public.pem");
  if (!existsSync(privateFile) || !existsSync(publicFile)) {
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    rmSync(publicFile, { force: true });
    ensureSecret(publicFile, () => publicKey.export({ type: "spki", format: "pem" }).toString().trimEnd());
    rmSync(privateFile, { force: true });
    ensureSecret(privateFile, () => privateKey.export({ type: "pkcs8", format: "pem" }).toString().trimEnd());
  }
  return { signingKeyFile: privateFile, signingPublicKeyFile: publicFile };
}

/** Sets what hangs on this start and leaves what people added (certificates, credentials …) as it stands. Throws when the file cannot be read. */
function writeWorkerConfig({ stateFolder, ports }: Settings, state: StateFolder): void {
  const config = {
    workerId,
    stateDir: join(stateFolder, "worker"),
    control: {
      address: "127.0.0.1",
      port: ports.POSTERN_CONTROL_PORT,
      tokenFile: state.controlTokenFile,
      publicKeyFile: state.signingPublicKeyFile,
    },
    console: { url: `http://127.0.0.1:${ports.POSTERN_CONSOLE_PORT}`, tokenFile: state.reportTokenFile },
  };
  const document = existsSync(state.workerConfigFile) ? readWorkerConfig(state.workerConfigFile) : new Document({});
  document.commentBefore = workerConfigHead;
  for (const [key, value] of Object.entries(config)) document.set(key, document.createNode(value));
  writeFileSync(state.workerConfigFile, document.toString(), { mode: 0o600 });
}

const workerConfigHead =
  " npm start sets workerId, stateDir, control and console at each start (.env.example); what else you add here stays.";

function readWorkerConfig(file: string): Document {
  const document = parseDocument(readFileSync(file, "utf8"));
  const [error] = document.errors;
  if (error !== undefined)
    throw new Error(`${file} cannot be read: ${error.message}\nCorrect it, or delete it to begin anew.`);
  return document;
}
