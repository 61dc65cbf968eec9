import type { Socket } from "node:net";
import { onTestFinished } from "vitest";
import type { PolicyDocument } from "#core/contract/policy-document.ts";
import type { ListenerContext } from "#worker/net/listener.ts";
import { Listeners } from "#worker/net/listeners.ts";
import type { Admission, Session } from "#worker/services.ts";
import { idleSession } from "./idle-session.ts";
import { compiled, type SmtpPolicyOptions, smtpDocument } from "./policy-documents.ts";
import { makeWorkerParts, type WorkerParts } from "./worker-parts.ts";

export type Place = WorkerParts & { listeners: Listeners; admissions: Admission[] };

/** Greets and then waits for its end. */
function greet(socket: Socket, admission: Admission): Session {
  socket.write("220 ready\r\n");
  socket.resume();
  socket.on("error", () => undefined);
  socket.once("close", () => admission.onEnd());
  const end = () => void socket.end("421 4.3.2 bye\r\n");
  return idleSession({ drain: end, kill: end, destroy: () => void socket.destroy() });
}

type ListeningOptions = Pick<ListenerContext, "findCertificate"> & {
  now?: () => number;
  start?: ListenerContext["starters"]["smtp"];
};

/** Listeners whose sessions greet and then wait for their end, or do what `start` does. */
export async function makeListeners({ now, start = greet, ...rest }: ListeningOptions = {}): Promise<Place> {
  const parts = await makeWorkerParts(now);
  const admissions: Admission[] = [];
  const noted = (socket: Socket, admission: Admission): Session => {
    admissions.push(admission);
    return start(socket, admission);
  };
  const { services, bans } = parts;
  const listeners = new Listeners({ services, bans, starters: { smtp: noted, pop3: noted }, ...rest });
  onTestFinished(async () => {
    const ended = listeners.drain();
    listeners.destroy();
    await ended;
  });
  return { ...parts, listeners, admissions };
}

/** Puts a document with one SMTP policy in force, as `change` leaves it; gives what is wrong with it. */
export async function apply(
  { listeners }: Place,
  revision: number,
  options: SmtpPolicyOptions,
  change: (document: PolicyDocument) => PolicyDocument = (document) => document,
): Promise<string[]> {
  const stage = await listeners.stage(compiled(change(smtpDocument(options))));
  if (!stage.ok) return stage.problems.map(({ message }) => message);
  stage.staged.commit(revision);
  return [];
}
