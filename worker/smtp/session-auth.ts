import type { Command } from "#core/smtp/command.ts";
import { formatChallenge, type Reply } from "#core/smtp/reply.ts";
import { replies } from "#core/smtp/reply-codes.ts";
import { answer } from "./answer.ts";
import type { BoundUpstream } from "./bound-upstream.ts";
import type { Conversation } from "./conversation.ts";
import { sessionEvent } from "./message-record.ts";
import { judgeLogin, type LoginStep, SessionLogin } from "./session-login.ts";

type AuthCommand = Extract<Command, { verb: "AUTH" }>;

/** AUTH of a session: what may be asked for, what becomes of it, and the connection that it leaves. */
export class SessionAuth {
  readonly #session: Conversation;
  #login: SessionLogin | null = null;
  #bound: BoundUpstream | null = null;

  constructor(session: Conversation) {
    this.#session = session;
  }

  /** The connection on which the client logged in, or null. */
  get bound(): BoundUpstream | null {
    return this.#bound;
  }

  begin({ mechanism, initial }: AuthCommand): void {
    const { admission, client, greeting, machine } = this.#session;
    const { route } = admission.governing.policy;
    if (route.protocol !== "smtp" || !greeting.offered.auth.includes(mechanism)) {
      return this.#session.answer(answer(replies.mechanismNotOffered));
    }
    const refused = judgeLogin(admission, client, mechanism);
    if (refused !== null) return this.#session.answer(refused);
    machine.succeed("AUTH");
    const login = new SessionLogin(admission.services.smtpPool, route, mechanism, (step) => {
      try {
        step();
      } catch (error) {
        this.#session.crash(error);
      }
    });
    this.#login = login;
    this.#step((done) => login.begin(initial, done));
  }

  /** A line of the exchange. */
  respond(message: string): void {
    this.#step((done) => this.#login?.respond(message, done));
  }

  /** The client gave the exchange up, or broke it. */
  abandon(said: Reply): void {
    this.#login?.abandon();
    this.#login = null;
    this.#session.answer(answer(said));
    this.#count(false);
  }

  /** Forgets every login. May be called at any time. */
  close(): void {
    this.#login?.abandon();
    this.#bound?.close();
    this.#login = null;
    this.#bound = null;
  }

  #step(begin: (done: (step: LoginStep) => void) => void): void {
    this.#session.wait<[LoginStep]>(begin, (step) => this.#taken(step));
  }

  #taken(step: LoginStep): void {
    const { machine, socket } = this.#session;
    switch (step.kind) {
      case "challenge":
        return socket.say(formatChallenge(step.challenge));
      case "succeeded":
        this.#login = null;
        this.#bound = step.bound;
        this.#session.client = { ...this.#session.client, auth: step.login };
        machine.endLogin(true);
        return this.#session.answer(answer(replies.authenticated));
      case "failed":
        this.#login = null;
        machine.endLogin(false);
        return this.#failed(step);
      default:
        step satisfies never;
    }
  }

  #failed({ reply, cause, refused, user }: Extract<LoginStep, { kind: "failed" }>): void {
    const { admission, client } = this.#session;
    const { recorder, newId } = admission.services;
    recorder.event(
      sessionEvent(admission, client, { id: newId(), decision: null, reply, cause: `AUTH: ${cause}`, user }),
    );
    this.#session.answer(answer(reply));
    this.#count(refused);
  }

  #count(refused: boolean): void {
    const passed = this.#session.limits.loginFailed(refused);
    if (passed !== null) this.#session.stop(passed);
  }
}
