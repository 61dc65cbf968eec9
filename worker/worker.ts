import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Logger } from "pino";
import type { PolicyDocument, Problem, Route, SmtpRoute } from "#core/contract/policy-document.ts";
import type { CompiledMailPolicy, CompiledPolicy } from "#core/policy/compile.ts";
import type { WorkerConfig } from "./config.ts";
import { controlRoutes } from "./control/control-routes.ts";
import { ControlServer } from "./control/control-server.ts";
import { credentialProblems } from "./credentials/credential-problems.ts";
import type { CredentialStore } from "./credentials/credential-store.ts";
import { makeDelivery } from "./delivery/make-delivery.ts";
import { BanFile } from "./net/ban-file.ts";
import type { SessionStarters } from "./net/listener.ts";
import { Listeners } from "./net/listeners.ts";
import { leadsHere } from "./net/own-addresses.ts";
import { RateWindow } from "./net/rate-window.ts";
import { SourceBans } from "./net/source-bans.ts";
import { Governor, type GovernorOptions } from "./policy/governor.ts";
import { PolicyStart } from "./policy/policy-start.ts";
import { PolicyStore } from "./policy/policy-store.ts";
import { FirstSeen } from "./pop3/first-seen.ts";
import { LoginFailures } from "./pop3/login-failures.ts";
import { startPop3Session } from "./pop3/session.ts";
import { VerdictStore } from "./pop3/verdict-store.ts";
import { FileQuarantine } from "./quarantine/file-quarantine.ts";
import { policyHostName } from "./quarantine/policy-host-name.ts";
import { QuarantineCommands } from "./quarantine/quarantine-commands.ts";
import { watchQuarantine } from "./quarantine/watch-quarantine.ts";
import { Faults } from "./report/faults.ts";
import { LogRecorder } from "./report/log-recorder.ts";
import { ReportBuffer } from "./report/report-buffer.ts";
import { ReportClient } from "./report/report-client.ts";
import { ReportRecorder } from "./report/report-recorder.ts";
import { Reporter, type ReporterOptions } from "./report/reporter.ts";
import { workerStatus } from "./report/status.ts";
import { HoldMemory } from "./scan/hold-memory.ts";
import { keptJudge } from "./scan/judge-kept.ts";
import { makeContent } from "./scan/make-content.ts";
import { signingKeyProblems } from "./sender-auth/signing-key-problems.ts";
import type { SigningKeyStore } from "./sender-auth/signing-key-store.ts";
import type { Services } from "./services.ts";
import { KnownRecipients } from "./smtp/known-recipients.ts";
import { RecipientCallouts } from "./smtp/recipient-callouts.ts";
import { startSmtpSession } from "./smtp/session.ts";
import { SegmentSpool } from "./spool/segment-spool.ts";
import { watchSpool } from "./spool/watch-spool.ts";
import { idMaker } from "./state/message-id.ts";
import { CertificateStore } from "./tls/certificate-store.ts";
import { makeUpstream } from "./upstream/make-upstream.ts";
import { WorkerDrain } from "./worker-drain.ts";

/** From the request to stop until sessions are cut. */
export const drainMsMax = 25_000;
/** What the last report may take after that. */
const lastReportMs = 2_000;

export type WorkerEnvironment = { log: Logger; hostName: string; now(): number; random(): number };

/** A whole worker, wired. Everything is made here and handed down. */
export class Worker {
  readonly #log: Logger;
  readonly #parts: Parts;

  private constructor(log: Logger, parts: Parts) {
    this.#log = log;
    this.#parts = parts;
  }

  /** Starts every part; rejects with what is wrong when the worker cannot do its work. The caller holds the lock on stateDir. */
  static async start(config: WorkerConfig, environment: WorkerEnvironment): Promise<Worker> {
    const parts = await makeParts(config, environment);
    const worker = new Worker(environment.log, parts);
    try {
      await parts.policyStart.run();
      if (config.control !== null) await parts.control?.listen(config.control.address, config.control.port);
    } catch (error) {
      await worker.stop(0);
      throw error;
    }
    parts.certificates.start();
    parts.delivery.start();
    parts.upstream.healthChecks.start();
    parts.reporter?.start();
    return worker;
  }

  /** What listens now, in words for the log. */
  get listeners(): string[] {
    return this.#parts.listeners.status().map(({ protocol, address, port }) => `${protocol} ${address}:${port}`);
  }

  /** Stops accepting, lets sessions and attempts finish for `drainMs`, then cuts them. Resolves when all is done and reported. */
  async stop(drainMs = drainMsMax): Promise<void> {
    const { listeners, delivery, control, reporter, upstream, spool, quarantine, content, policyStart, stopWatching } =
      this.#parts;
    policyStart.stop();
    this.#parts.certificates.stop();
    upstream.healthChecks.stop();
    const cut = setTimeout(() => {
      this.#log.warn("sessions did not end in time; they are cut");
      this.destroy();
    }, drainMs);
    const controlClosed = control?.close();
    await Promise.all([listeners.drain(), delivery.stop()]);
    clearTimeout(cut);
    await controlClosed;
    upstream.close();
    content.scanners.close();
    await content.files.stop();
    stopWatching();
    await spool.close();
    await quarantine.close();
    await this.#parts.services.mailboxVerdicts.close();
    await this.#parts.services.firstSeen.close();
    await this.#parts.services.knownRecipients.close();
    await this.#parts.banFile.close();
    await reporter?.stop(lastReportMs);
  }

  /** Cuts everything at once. What was answered with 250 is on disk. */
  destroy(): void {
    this.#parts.listeners.destroy();
    this.#parts.upstream.close();
  }
}

type Parts = Awaited<ReturnType<typeof makeParts>>;

async function makeParts(config: WorkerConfig, environment: WorkerEnvironment) {
  const { log, now } = environment;
  const reports = config.console === null ? null : new ReportRecorder();
  const recorder = reports ?? new LogRecorder(log);
  const faults = new Faults();
  const isOurs = (address: string, port: number) => leadsHere(listeners.status(), address, port);
  const upstream = makeUpstream(config, { faults, isOurs, routes: () => routesInForce(governor) }, environment);
  const { credentials, smtpPool, pop3Servers } = upstream;
  const content = makeContent(config, faults, environment);
  const made = { ...upstream, recorder, content };
  const { services, spool, quarantine, bans } = await makeServices(config, environment, made);
  const { signingKeys, scanners } = content;
  const certificates = makeCertificates(config, faults, environment);
  const findCertificate = (name: string) => certificates.get(name);
  const banFile = new BanFile(config.stateDir, bans, log);
  const starters = { smtp: startSmtpSession, pop3: pop3Starter(now) };
  const listeners = new Listeners({ services, bans, starters, findCertificate });
  const missing = (policy: CompiledPolicy) => missingSecrets(policy, credentials, signingKeys);
  const applied = ({ document }: CompiledPolicy) => applyPolicy(document, { content, services, spool });
  const { governor, policyStart } = makePolicy(config, { listeners, faults, missing, applied }, environment);
  const delivered = deliveryParts(config, { services, spool, governor, listeners }, environment);
  const { delivery, shownQueue, drain } = delivered;
  const stores = { certificates, credentials, signingKeys, quarantine, scanners, queue: spool, delivery, drain };
  const sources = { ...stores, startedAt: now(), governor, listeners, bans, smtpPool, pop3Servers, faults };
  const status = () => workerStatus(sources);
  const commands = makeQuarantineCommands({ quarantine, governor, services }, environment);
  const kept = { spool, quarantine, commands, credentials, signingKeys };
  const routes = controlRoutes({ ...services, services, ...kept, ...delivered, governor, listeners, bans, status });
  const control = config.control === null ? null : new ControlServer({ token: config.control.token, routes, log });
  const told = { queue: shownQueue, quarantine, faults, log, status, now };
  const reporter = reports === null ? null : makeReporter(config, reports, told);
  const watches = [watchSpool(spool, faults), watchQuarantine({ quarantine, commands, faults, log })];
  return {
    banFile,
    certificates,
    listeners,
    delivery,
    control,
    reporter,
    upstream,
    ...kept,
    services,
    content,
    policyStart,
    stopWatching: () => watches.forEach((stop) => stop()),
  };
}

/** What follows the policy in force. */
function applyPolicy(
  document: PolicyDocument,
  { content, services, spool }: { content: ReturnType<typeof makeContent>; services: Services; spool: SegmentSpool },
): void {
  content.scanners.apply(document.scanners);
  content.dnsblFaults.apply(document);
  services.mailboxVerdicts.applied(document);
  const byDomain = document.routes.filter((route) => route.protocol === "smtp" && route.lookup === "mx");
  spool.setRoutesByDomain(new Set(byDomain.map(({ name }) => name)));
}

/** What a policy names and this worker was not given. */
function missingSecrets(policy: CompiledPolicy, credentials: CredentialStore, signingKeys: SigningKeyStore): Problem[] {
  return [
    ...credentialProblems(policy, (name) => credentials.get(name)),
    ...signingKeyProblems(policy, (name) => signingKeys.has(name)),
  ];
}

type DeliveryNeeds = { services: Services; spool: SegmentSpool; governor: Governor; listeners: Listeners };

function deliveryParts(
  { stateDir }: WorkerConfig,
  { services, spool, governor, listeners }: DeliveryNeeds,
  { log, hostName, random }: WorkerEnvironment,
) {
  const findRoute = (name: string) => smtpRoute(governor, name);
  const hostNameOf = (policy: string) => policyHostName(governor.inForce?.policy.document, policy, hostName);
  const parts = makeDelivery({ stateDir, services, spool, findRoute, hostNameOf, log, random });
  services.smtpPool.onRouteReached = (route) => parts.delivery.routeReached(route);
  return { ...parts, drain: new WorkerDrain({ listeners, delivery: parts.delivery, services, log }) };
}

function makeQuarantineCommands(
  parts: { quarantine: FileQuarantine; governor: Governor; services: Services },
  { hostName }: WorkerEnvironment,
): QuarantineCommands {
  const { quarantine, governor, services } = parts;
  const { spool, recorder, content, newId, now } = services;
  const hostNameOf = (policy: string) => policyHostName(governor.inForce?.policy.document, policy, hostName);
  return new QuarantineCommands(quarantine, recorder, {
    spool,
    judge: keptJudge({ policyOf: (name) => smtpPolicy(governor, name), content, hostNameOf, newId, now }),
    hostNameOf,
    newId,
    now,
  });
}

function smtpPolicy({ inForce }: Governor, name: string): CompiledMailPolicy | null {
  const all = inForce?.policy.listeners.flatMap(({ policies }) => policies) ?? [];
  return all.find((policy) => policy.name === name && policy.protocol === "smtp") ?? null;
}

function routesInForce({ inForce }: Governor): Iterable<Route> {
  return inForce?.policy.routes.values() ?? [];
}

function smtpRoute({ inForce }: Governor, name: string): SmtpRoute | null {
  const route = inForce?.policy.routes.get(name);
  return route?.protocol === "smtp" ? route : null;
}

function makeCertificates(config: WorkerConfig, faults: Faults, { log, now }: WorkerEnvironment): CertificateStore {
  const reports = {
    loaded: (certificate: string, validTo: string) => {
      faults.clear(`certificate ${certificate}`);
      log.info({ certificate, validTo }, "certificate loaded");
    },
    failed: (certificate: string, reason: string) => {
      faults.set(`certificate ${certificate}`, `The certificate "${certificate}" cannot be used: ${reason}`);
      log.error({ certificate, reason }, "a certificate cannot be used; the one from before stays");
    },
  };
  return new CertificateStore(config.certificates, reports, now);
}

async function makeServices(
  { stateDir, quarantine: { bytesMax } }: WorkerConfig,
  { log, now }: WorkerEnvironment,
  made: Pick<Services, "recorder" | "smtpPool" | "pop3Servers" | "bridge" | "content">,
) {
  const damaged = (what: string) => (file: string, reason: string) =>
    log.error({ file, reason }, `${what} is damaged and was set aside`);
  const spool = await SegmentSpool.open({ stateDir, now, damaged: damaged("a queued message") });
  const quarantine = await FileQuarantine.open({ stateDir, bytesMax, now, damaged: damaged("what was in quarantine") });
  const mailboxVerdicts = new VerdictStore({ stateDir, log, now });
  const firstSeen = new FirstSeen({ stateDir, log, now });
  const bans = new SourceBans(now);
  const holdRoom = { folder: emptyFolder(join(stateDir, "temporary")), memory: new HoldMemory() };
  const rates = { messages: new RateWindow(now), recipients: new RateWindow(now) };
  const newId = idMaker(now);
  const knownRecipients = new KnownRecipients({ stateDir, log, now });
  const callouts = new RecipientCallouts(made.smtpPool, now, knownRecipients);
  const { recorder, smtpPool, pop3Servers, bridge, content } = made;
  const shared = { recorder, smtpPool, pop3Servers, bridge, content, log, newId, now };
  const memories = { mailboxVerdicts, firstSeen, knownRecipients };
  const services: Services = { ...shared, ...memories, spool, quarantine, bans, callouts, rates, holdRoom };
  return { services, spool, quarantine, bans };
}

type PolicyParts = Pick<GovernorOptions, "listeners" | "faults" | "missing" | "applied">;

function makePolicy(config: WorkerConfig, parts: PolicyParts, { log, now }: WorkerEnvironment) {
  const { stateDir, workerId, control, policyFile } = config;
  const store = new PolicyStore(stateDir);
  const governor = new Governor({ ...parts, store, workerId, pinned: control?.pinned ?? null, now });
  const { faults } = parts;
  const policyStart = new PolicyStart({ governor, store, policyFile, hasControl: control !== null, faults, log });
  return { governor, policyStart };
}

function makeReporter(
  { console: destination, workerId, stateDir }: WorkerConfig,
  recorder: ReportRecorder,
  rest: Pick<ReporterOptions, "queue" | "quarantine" | "faults" | "log" | "status" | "now">,
): Reporter | null {
  if (destination === null) return null;
  const client = new ReportClient(destination.url, destination.token);
  return new Reporter({ workerId, recorder, client, buffer: new ReportBuffer(stateDir), ...rest });
}

/** One count of failed logins for all listeners. */
function pop3Starter(now: () => number): SessionStarters["pop3"] {
  const failures = new LoginFailures(now);
  return (socket, admission) => startPop3Session(socket, admission, failures);
}

function emptyFolder(path: string): string {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true, mode: 0o700 });
  return path;
}
