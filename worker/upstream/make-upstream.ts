import { join } from "node:path";
import type { Logger } from "pino";
import type { WorkerConfig } from "../config.ts";
import { AccessTokens } from "../credentials/access-tokens.ts";
import { CredentialLogin } from "../credentials/credential-login.ts";
import { CredentialStore } from "../credentials/credential-store.ts";
import type { Faults } from "../report/faults.ts";
import { ClientTls } from "../tls/client-tls.ts";
import { systemDns } from "./mail-dns.ts";
import { MailExchangers } from "./mail-exchangers.ts";
import { SmtpPool } from "./smtp-pool.ts";

/** Where the mail servers of domains listen (RFC 5321 §4.5.4.2). */
const smtpPort = 25;

type Environment = { log: Logger; hostName: string; now(): number; random(): number };

/** The credentials and the connections to servers that use them. `isOurs`: whether a listener of ours holds the address and port. */
export function makeUpstream(
  config: WorkerConfig,
  { faults, isOurs }: { faults: Faults; isOurs(address: string, port: number): boolean },
  { log, hostName, now, random }: Environment,
): { credentials: CredentialStore; smtpPool: SmtpPool } {
  const store = makeCredentials(config, faults, log);
  const renewed = (name: string, refreshToken: string): void => {
    store.renewRefreshToken(name, refreshToken).catch((error: unknown) => {
      log.error({ err: error, credential: name }, "a new refresh token could not be kept");
    });
  };
  const tokens = new AccessTokens({ now, renewed });
  const pool = new SmtpPool({
    log,
    now,
    random,
    ehloName: hostName,
    clientTls: new ClientTls(config.trustedAuthorities),
    login: (credential, allowsClearText) => new CredentialLogin({ credential, allowsClearText, store, tokens }),
    exchangers: new MailExchangers({ dns: systemDns(config.nameServers, now), now, random, port: smtpPort, isOurs }),
  });
  store.onChange = (name) => {
    tokens.forget(name);
    pool.credentialChanged(name);
  };
  return { credentials: store, smtpPool: pool };
}

function makeCredentials({ credentials, stateDir }: WorkerConfig, faults: Faults, log: Logger): CredentialStore {
  return new CredentialStore(credentials, join(stateDir, "credentials"), {
    damaged: (reason) => {
      faults.set("credentials", `The stored credentials cannot be opened (${reason}): push the policy again`);
      log.error({ reason }, "the stored credentials cannot be opened");
    },
    kept: () => faults.clear("credentials"),
  });
}
