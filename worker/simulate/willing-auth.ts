/** What a server says to a line of the client; "" to none: it speaks first. */
type Turn = (line: string) => string;

const yes: Turn = () => "+OK";
const asks = (text: string): Turn => {
  const challenge = `+ ${Buffer.from(text).toString("base64")}`;
  return () => challenge;
};
/** RFC 5802 §5.1: with the client's nonce in it. */
const salted: Turn = (line) => {
  const nonce = /(?:^|,)r=([^,]*)/.exec(Buffer.from(line, "base64").toString("utf8"))?.[1] ?? "";
  return asks(`r=${nonce}rehearsed,s=cmVoZWFyc2Vk,i=4096`)("");
};

/** What follows the command, turn by turn. `isFirst`: the client begins, along with the command or once it is asked. */
const mechanisms: Record<string, { isFirst: boolean; turns: readonly Turn[] }> = {
  LOGIN: { isFirst: false, turns: [asks("Username:"), asks("Password:"), yes] },
  "CRAM-MD5": { isFirst: false, turns: [asks("<1.1@rehearsal.invalid>"), yes] },
  "SCRAM-SHA-1": { isFirst: true, turns: [salted, asks("v=cmVoZWFyc2Vk"), yes] },
  "SCRAM-SHA-256": { isFirst: true, turns: [salted, asks("v=cmVoZWFyc2Vk"), yes] },
};
const atOnce = { isFirst: true, turns: [yes] };

/** A server's side of AUTH (RFC 5034 §4): asks what the mechanism has it ask, and believes whatever is said. */
export class WillingAuth {
  /** To the command itself. */
  readonly begun: string;
  readonly #turns: Turn[];

  constructor(mechanism: string, initial: string | undefined) {
    const { isFirst, turns } = mechanisms[mechanism] ?? atOnce;
    this.#turns = [...turns];
    this.begun = isFirst && initial === undefined ? "+ " : this.answer(initial ?? "");
  }

  get isOver(): boolean {
    return this.#turns.length === 0;
  }

  /** To what the client says then. */
  answer(line: string): string {
    if (line === "*") this.#turns.length = 0;
    return line === "*" ? "-ERR given up" : (this.#turns.shift() ?? yes)(line);
  }
}
