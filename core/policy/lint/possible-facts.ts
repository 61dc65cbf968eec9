import { type FactName, type Facts, facts, factValues } from "#core/contract/facts.ts";
import { domainOfUser } from "../compile-logins.ts";

/** Facts that come out of the same thing: nothing is said of a message for which two of them are made up. */
const tiedFacts: readonly (readonly FactName[])[] = [
  ["tls", "authMechanism"],
  ["command", "user"],
  ["command", "userDomain"],
  ["command", "authMechanism"],
  ["fileName", "trait", "attachmentCount"],
  ["contentType", "trait", "attachmentCount"],
  [
    "trait",
    "attachmentCount",
    "detectedType",
    "partBytes",
    "digest",
    "archiveEntry",
    "text",
    "url",
    "urlHost",
    "dictionary",
    "virus",
  ],
  ["spf", "dkim", "dkimDomain", "dmarc", "dmarcPolicy", "arc"],
  ["reverseName", "heloCheck"],
  ["dnsbl", "dnsblScore"],
  ["spamScore", "spamAction", "spamSymbol"],
];

/** Smaller messages may not have room for what else is made up. */
const messageBytesMin = 1_000;
const leastNumbers: { [N in FactName]?: number } = {
  recipientCount: 1,
  attachmentCount: 0,
  partBytes: 0,
  messageBytes: messageBytesMin,
  hour: 0,
};

const address = /^[^\s<>@]+@[^\s<>@]+$/;
const domain = /^[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)*$/u;
const forms: { [N in FactName]?: RegExp } = {
  helo: /^\S+$/,
  tls: /^(?:TLSv1\.[0-3])?$/i,
  sender: new RegExp(`^$|${address.source}`),
  senderDomain: new RegExp(`^$|${domain.source}`, "u"),
  recipient: address,
  recipientDomain: domain,
  from: address,
  headerName: /^[\x21-\x39\x3b-\x7e]+$/,
  contentType: /^[^\s/]+\/[^\s/]+$/,
  digest: /^[0-9a-f]{64}$/i,
  urlHost: domain,
  dkimDomain: domain,
};

const neutralReadings: { [N in FactName]?: string } = {
  tls: "",
  sender: "x@x.invalid",
  senderDomain: "x.invalid",
  recipient: "x@x.invalid",
  recipientDomain: "x.invalid",
  from: "x@x.invalid",
  userDomain: "",
};

/** The fact as most messages could have it. */
export function neutralFact(name: FactName): Facts {
  const { kind } = facts[name];
  if (kind === "network") return { clientAddress: "192.0.2.1" };
  if (kind === "number") return { [name]: leastNumbers[name] ?? 1 };
  return { [name]: [factValues(name)?.[0] ?? neutralReadings[name] ?? "x"] };
}

/** Whether a message can have these facts together, each with one reading: never true of what contradicts itself. */
export function arePossible(made: Facts): boolean {
  if (tiedFacts.some((tied) => tied.filter((name) => made[name] !== undefined).length > 1)) return false;
  return (
    areOfOneAddress(made.sender, made.senderDomain) &&
    areOfOneAddress(made.recipient, made.recipientDomain) &&
    areOfOneAddress(made.user, made.userDomain) &&
    (Object.keys(made) as FactName[]).every((name) => isPossible(name, made))
  );
}

function areOfOneAddress(whole: readonly string[] | undefined, part: readonly string[] | undefined): boolean {
  const [given] = whole ?? [];
  const [wanted] = part ?? [];
  if (given === undefined || wanted === undefined) return true;
  return domainOfUser(given).toLowerCase() === wanted.toLowerCase();
}

function isPossible(name: FactName, made: Facts): boolean {
  const value = made[name];
  if (typeof value === "number") {
    const whole = name === "dnsblScore" || name === "spamScore" || Number.isInteger(value);
    return whole && value >= (leastNumbers[name] ?? value) && (name !== "hour" || value < 24);
  }
  if (facts[name].kind !== "text") return true;
  const [reading = ""] = value ?? [];
  const values = factValues(name);
  if (values !== null && !values.some((one) => one.toLowerCase() === reading.toLowerCase())) return false;
  return !/[\r\n\0]/.test(reading) && (forms[name]?.test(reading) ?? reading !== "");
}
