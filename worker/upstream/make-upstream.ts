import { join } from "node:path";
import type { Logger } from "pino";
import type { Route } from "#core/contract/policy-document.ts";
import type { WorkerConfig } from "../config.ts";
import { AccessTokens } from "../credentials/access-tokens.ts";
import { Bridge } from "../credentials/bridge.ts";
import { CredentialLogin } from "../credentials/credential-login.ts";
import { CredentialStore } from "../credentials/credential-store.ts";
import type { Faults } from "../report/faults.ts";
import { ClientTls } from "../tls/client-tls.ts";
import { HealthChecks } from "./health-checks.ts";
import { systemDns } from "./mail-dns.ts";
import { MailExchangers } from "./mail-exchangers.ts";
import { Pop3Servers } from "./pop3-servers.ts";
import { SmtpPool } from "./smtp-pool.ts";

/** Where the mail servers of domains listen (RFC 5321 §4.5.4.2). */
const smtpPort = 25;

type Environment = { log: Logger; hostName: string; now(): number; random(): number };

type Upstream = {
  credentials: CredentialStore;
  smtpPool: SmtpPool;
  pop3Servers: Pop3Servers;
  bridge: Bridge;
  healthChecks: HealthChecks;
  /** Cuts what no session holds and ends what is under way. */
  close(): void;
};

/**
 * The credentials and the connections to servers that use them. `isOurs`: whether a listener of ours holds the address and port.
 * `routes`: those in force now.
 */
export function makeUpstream(
  config: WorkerConfig,
  {
    faults,
    isOurs,
    routes,
  }: { faults: Faults; isOurs(address: string, port: number): boolean; routes(): Iterable<Route> },
  { log, hostName, now, random }: Environment,
): Upstream {
  const store = makeCredentials(config, faults, log);
  const renewed = (name: string, refreshToken: string): void => {
    store.renewRefreshToken(name, refreshToken).catch((error: unknown) => {
      log.error({ err: error, credential: name }, "a new refresh token could not be kept");
    });
  };
  const tokens = new AccessTokens({ now, renewed });
  const clientTls = new ClientTls(config.trustedAuthorities);
  const smtpPool = new SmtpPool({
    log,
    now,
    random,
    ehloName: hostName,
    clientTls,
    login: (credential, allowsClearText) => new CredentialLogin({ credential, allowsClearText, store, tokens }),
    exchangers: new MailExchangers({ dns: systemDns(config.nameServers, now), now, random, port: smtpPort, isOurs }),
  });
  const bridge = new Bridge({ store, tokens, now });
  store.onChange = (name) => {
    tokens.forget(name);
    smtpPool.credentialChanged(name);
    bridge.credentialChanged(name);
  };
  const pop3Servers = new Pop3Servers({ log, now, random, clientTls });
  const close = (): void => {
    smtpPool.close();
    pop3Servers.close();
  };
  const healthChecks = new HealthChecks({ smtp: smtpPool, pop3: pop3Servers, routes });
  return { credentials: store, smtpPool, pop3Servers, bridge, healthChecks, close };
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
