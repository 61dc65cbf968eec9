import type { Facts } from "#core/contract/facts.ts";
import type { PolicyDocument, Pop3ProxyAction } from "#core/contract/policy-document.ts";
import { pop3Commands } from "#core/contract/pop3-commands.ts";
import { foldAscii } from "#core/match/ascii-fold.ts";
import { type CompiledProxyAction, compileProxyAction, compileVocabulary } from "../compile.ts";
import { type CompiledLists, compileTextTest } from "../compile-condition.ts";
import { decide, type StageDecision } from "../decide.ts";
import type { Add, Finding } from "./finding.ts";
import { rulePath } from "./rule-place.ts";

const stranger: Facts = {
  clientAddress: "192.0.2.1",
  user: ["someone@unrelated.invalid"],
  userDomain: ["unrelated.invalid"],
  authMechanism: ["USER"],
};

type CommandCheck = Pick<Finding, "code" | "severity" | "why" | "doThis" | "source"> & { command: string };

const needed = (command: string, why: string, source: string): CommandCheck => ({
  command,
  code: "mailbox-unusable",
  severity: "harm",
  why,
  doThis: `Allow ${command}.`,
  source,
});

const checks: readonly CommandCheck[] = [
  needed("STAT", "Programs ask first how many messages there are, and give up.", "RFC 1939 §5"),
  needed("LIST", "Programs ask how large the messages are, and give up.", "RFC 1939 §5"),
  needed("RETR", "No message can be fetched.", "RFC 1939 §5"),
  needed("QUIT", "Only QUIT deletes what was to be deleted: the same mail is fetched again and again.", "RFC 1939 §6"),
  {
    command: "UIDL",
    code: "uidl-denied",
    severity: "warning",
    why: "A program that leaves mail on the server cannot tell what it has: it fetches everything each time, or refuses to work.",
    doThis: "Allow UIDL: it tells nothing but numbers.",
    source: "RFC 1939 §7",
  },
  {
    command: "TOP",
    code: "top-denied",
    severity: "warning",
    why: "Programs that look at the header first fail, or fetch every message whole.",
    doThis: "Allow TOP: it shows what RETR would show, and not more.",
    source: "RFC 1939 §7",
  },
  {
    command: "DELE",
    code: "dele-denied",
    severity: "warning",
    why: "Programs that fetch and delete hear an error, and fetch the same mail again the next time; no record counts what was kept.",
    doThis:
      "Say it in the settings (deleting: never, or after days), and set the programs to leave mail on the server.",
    source: "RFC 1939 §8",
  },
  {
    command: "CAPA",
    code: "capa-not-denied",
    severity: "note",
    why: "It is answered all the same, with what holds through us: denying it would hide TLS, UIDL and AUTH from programs.",
    doThis: "Delete the rule, and switch off single capabilities in the settings.",
    source: "RFC 2449 §5",
  },
];
const stlsCheck: CommandCheck = {
  command: "STLS",
  code: "stls-denied",
  severity: "harm",
  why: "A listener of this policy lets programs begin TLS, and none can: passwords and mail go in clear text, or nothing goes.",
  doThis: "Allow STLS.",
  source: "RFC 2595 §4",
};

/** Command rules that break what programs need, tried on the rules themselves: in clear text and inside TLS. */
export function lintCommands(document: PolicyDocument, lists: CompiledLists, now: number, add: Add): void {
  const vocabulary = compileVocabulary(document);
  document.proxyActions.forEach((action, i) => {
    if (action.protocol !== "pop3" || action.rulesets.command === undefined) return;
    const commands = new Commands(action, compileProxyAction(action, lists, vocabulary), now);
    const path = ["proxyActions", i, "rulesets", "command"];
    const asked = offersStls(document, action) ? [...checks, stlsCheck] : checks;
    for (const { command, ...finding } of asked) {
      const denial = commands.denial(command);
      if (denial === null) continue;
      const what = `The commands of ${action.name} deny ${command}.`;
      add({ ...finding, path: [...path, ...rulePath(action, denial)], what });
    }
    lintLoginCommands(commands, path, add);
    lintUnknownCommands(action, path, lists, add);
  });
}

/** Rules whose test no command passes that gets as far as a rule. */
function lintUnknownCommands(action: Pop3ProxyAction, path: Finding["path"], lists: CompiledLists, add: Add): void {
  action.rulesets.command?.rules.forEach(({ name, state, when }, n) => {
    if (state === "off" || when?.command === undefined) return;
    const matches = compileTextTest(when.command, lists);
    if (pop3Commands.some((command) => matches(foldAscii(command)))) return;
    add({
      code: "command-never",
      severity: "warning",
      path: [...path, "rules", n],
      what: `The rule "${name}" of ${action.name} asks for no command that gets as far as a rule.`,
      why: "It never matches: what is in no standard in force (LAST, RPOP, XTND and more) is refused before any rule is asked.",
      doThis: "Delete it, or correct the command's name.",
      source: "RFC 1939 §3",
    });
  });
}

function offersStls({ policies }: PolicyDocument, { name }: Pop3ProxyAction): boolean {
  const listeners = policies.flatMap(({ enabled, proxyAction, listen }) =>
    enabled && proxyAction === name ? listen : [],
  );
  return listeners.some(({ tls }) => tls?.mode === "allowed" || tls?.mode === "required");
}

class Commands {
  readonly action: Pop3ProxyAction;
  readonly #compiled: CompiledProxyAction;
  readonly #now: number;

  constructor(action: Pop3ProxyAction, compiled: CompiledProxyAction, now: number) {
    this.action = action;
    this.#compiled = compiled;
    this.#now = now;
  }

  /** What denies the command to a stranger, in clear text and inside TLS; null: it passes in one of them. */
  denial(command: string, facts: Facts = {}): StageDecision | null {
    const [clear, secured] = ["", "TLSv1.3"].map((tls) =>
      decide(this.#compiled, "command", { ...stranger, ...facts, tls: [tls], command: [command] }, this.#now),
    );
    if (clear === undefined || clear.action.kind === "allow" || secured?.action.kind === "allow") return null;
    return clear;
  }

  /** The first that denies one of them. */
  denialOfAny(names: readonly string[], facts: Facts): StageDecision | null {
    for (const name of names) {
      const denial = this.denial(name, facts);
      if (denial !== null) return denial;
    }
    return null;
  }
}

function lintLoginCommands(commands: Commands, path: Finding["path"], add: Add): void {
  const { action } = commands;
  const { userPass, apop, mechanisms } = action.settings.auth;
  const ways = [
    ...(userPass ? [{ names: ["USER", "PASS"], mechanism: "USER" }] : []),
    ...(apop ? [{ names: ["APOP"], mechanism: "APOP" }] : []),
    ...mechanisms.map((mechanism) => ({ names: ["AUTH"], mechanism })),
  ];
  const denials = ways.map(({ names, mechanism }) => commands.denialOfAny(names, { authMechanism: [mechanism] }));
  const [first] = denials;
  if (first !== undefined && first !== null && !denials.includes(null)) {
    add({
      code: "logins-denied",
      severity: "harm",
      path: [...path, ...rulePath(action, first)],
      what: `The commands of ${action.name} deny every login that its settings allow.`,
      why: "Nobody gets to a mailbox.",
      doThis: "Allow one of them: USER and PASS, APOP or AUTH.",
      source: null,
    });
    return;
  }
  const late = userPass && commands.denial("USER") === null ? commands.denial("PASS") : null;
  if (late === null) return;
  add({
    code: "pass-denied",
    severity: "warning",
    path: [...path, ...rulePath(action, late)],
    what: `The commands of ${action.name} allow USER and deny PASS.`,
    why: "The client has sent the password by then, and takes the refusal for a wrong one.",
    doThis: "Deny USER, or switch off USER and PASS in the settings.",
    source: null,
  });
}
