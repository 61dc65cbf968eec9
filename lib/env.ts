import { z } from "zod";
import { NetworkSet } from "#core/match/network-set.ts";

const consoleEnvironmentSchema = z.object({
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, "expected a postgresql:// address"),
  NEXTAUTH_SECRET: z.string().min(32, "expected at least 32 characters"),
  NEXTAUTH_URL: z.url({ protocol: /^https?$/ }),
  POSTERN_MASTER_KEY_FILE: z.string().min(1),
  POSTERN_SIGNING_KEY_FILE: z.string().min(1),
});
type ConsoleEnvironment = z.infer<typeof consoleEnvironmentSchema>;

/**
 * One setting of the console. Parsed when it is asked for, so that `next build` and scripts need only what they use;
 * throws an error that names the bad variable and never its value.
 */
export function setting<Name extends keyof ConsoleEnvironment>(name: Name): ConsoleEnvironment[Name] {
  const parsed = consoleEnvironmentSchema.shape[name].safeParse(process.env[name]);
  if (parsed.success) return parsed.data;
  const reason = process.env[name] === undefined ? "is not set" : `is not valid: ${parsed.error.issues[0]?.message}`;
  throw new Error(`The environment variable ${name} ${reason}. \`npm start\` sets it; see .env.example.`);
}

/** Whether a reverse proxy of ours stands in front and writes the X-Forwarded headers. Throws when the variable is neither on nor off. */
export function behindTrustedProxy(): boolean {
  return z.enum(["off", "on"]).parse(process.env["POSTERN_TRUSTED_PROXY"] ?? "off") === "on";
}

/** The networks that lists may be fed from though they are not public: with commas in between. Throws RangeError with what cannot be read. */
export function feedNetworks(text = process.env["POSTERN_FEED_NETWORKS"] ?? ""): NetworkSet {
  return new NetworkSet(text.split(",").flatMap((network) => (network.trim() === "" ? [] : [network.trim()])));
}

/** The variables that say for how many days something is kept; the console and `npm start` read them alike. */
export const keptDays = z.object({
  /** What messages were judged by. */
  POSTERN_REPLAY_DAYS: z.coerce.number().int().min(0).max(366).default(14),
  /** Events and traffic; charts go back a week. */
  POSTERN_HISTORY_DAYS: z.coerce.number().int().min(8).max(3660).default(400),
});

/** Throws when the variable is not one of `keptDays`. */
export function daysKept(name: keyof typeof keptDays.shape): number {
  return keptDays.shape[name].parse(process.env[name] || undefined);
}
