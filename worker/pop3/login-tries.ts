import type { Conversation } from "./conversation.ts";
import type { LoginFailures, LoginRefusal } from "./login-failures.ts";

/** RFC 3206 §5: the user or the password. Which of them, and where it failed, is nobody's business. */
const failedReply = "-ERR [AUTH] Login failed\r\n";

/** RFC 3206 §4: not a wrong password, whatever it was. */
const refusals: Record<LoginRefusal, { reply: string; cause: string }> = {
  source: {
    reply: "-ERR [SYS/TEMP] Too many failed logins from your address, try again later\r\n",
    cause: "loginFailuresPerSourceMax was passed",
  },
  user: {
    reply: "-ERR [SYS/TEMP] Logins of this user are held back, try again later\r\n",
    cause: "loginFailuresPerUserMax was passed, and the user did not log in from here before",
  },
};

/**
 * The logins that one session tries. Each that fails is answered with the same words and a fixed time after it was begun, however it failed:
 * neither text nor time tells a wrong password from a user that does not exist. Meanwhile the client's next command waits.
 */
export class LoginTries {
  readonly #session: Conversation;
  readonly #failures: LoginFailures;
  #begunAt = 0;
  #failed = 0;
  #answer: NodeJS.Timeout | null = null;
  #isLast = false;

  constructor(session: Conversation, failures: LoginFailures) {
    this.#session = session;
    this.#failures = failures;
  }

  /** The answer to a failed login waits for its time. */
  get isFailing(): boolean {
    return this.#answer !== null;
  }

  /** False: the login must not be tried, and its answer is on its way. `user` null: who it is will not be known. */
  begin(user: string | null): boolean {
    const { limits } = this.#session;
    this.#begunAt = performance.now();
    const refusal = this.#refusal(user);
    if (refusal === null) return true;
    const { reply, cause } = refusals[refusal];
    this.#session.tell(reply.trimEnd(), cause);
    this.#isLast = ++this.#failed >= limits.loginFailuresMax || refusal === "source";
    this.#answerLater(reply);
    return false;
  }

  /** The client said what it was asked for: its own time does not count. */
  resume(): void {
    this.#begunAt = performance.now();
  }

  /** Whether `begin` would refuse the user. */
  holds(user: string | null): boolean {
    return this.#refusal(user) !== null;
  }

  /** The user or the secret was wrong. `cause`: for the administrators. */
  failed(cause: string): void {
    const { admission, limits, subject } = this.#session;
    const isUsedUp = this.#failures.note(admission.client.address, subject.identity.user, limits);
    this.#session.tell(failedReply.trimEnd(), isUsedUp ? this.#ban(cause) : cause);
    this.#isLast = ++this.#failed >= limits.loginFailuresMax || isUsedUp;
    this.#answerLater(failedReply);
  }

  succeeded(): void {
    const { user } = this.#session.subject.identity;
    if (user !== null) this.#failures.succeeded(this.#session.admission.client.address, user);
  }

  /** The session ends with the answer that waits. */
  endAfterAnswer(): void {
    this.#isLast = true;
  }

  /** The session is over. May be called twice. */
  close(): void {
    if (this.#answer !== null) clearTimeout(this.#answer);
    this.#answer = null;
  }

  #refusal(user: string | null): LoginRefusal | null {
    const { admission, limits } = this.#session;
    return this.#failures.refusal(admission.client.address, user, limits);
  }

  #ban(cause: string): string {
    const { admission, limits } = this.#session;
    const { loginFailuresPerSourceMax, loginFailureMinutes, loginBanMinutes } = limits;
    const words = `loginFailuresPerSourceMax: ${loginFailuresPerSourceMax} failed logins within ${loginFailureMinutes} minutes`;
    const ban = { minutes: loginBanMinutes, reason: `limit: ${words}`, by: "limit" as const };
    admission.services.bans.ban(admission.client.address, ban);
    return `${cause}; ${words}; the source is blocked for ${loginBanMinutes} minutes`;
  }

  #answerLater(reply: string): void {
    const passedMs = performance.now() - this.#begunAt;
    const afterMs = this.#failures.answerAfterMs(passedMs, this.#session.limits.loginFailureDelayMs);
    this.#answer = setTimeout(
      () => {
        this.#answer = null;
        if (this.#isLast) this.#session.finish(reply);
        else this.#session.answer(reply);
      },
      Math.max(0, afterMs - passedMs),
    );
  }
}
