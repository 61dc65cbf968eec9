import { resolve } from "node:path";
import { z } from "zod";
import { feedNetworks, keptDays } from "#lib/env.ts";

const port = (standard: number) => z.coerce.number().int().min(1).max(65_535).default(standard);

/** Every variable of `npm start`; .env.example documents the same ones. */
export const startVariables = z.object({
  POSTERN_STATE_DIR: z.string().default(".postern"),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, "expected a postgresql:// address")
    .optional(),
  POSTERN_CONSOLE_PORT: port(3000),
  POSTERN_CONTROL_PORT: port(8025),
  POSTERN_EXTERNAL_SMTP_PORT: port(2525),
  POSTERN_TRUSTED_SMTP_PORT: port(2526),
  POSTERN_EXTERNAL_POP3_PORT: port(2111),
  POSTERN_TRUSTED_POP3_PORT: port(2110),
  POSTERN_DEMO_SMTP_PORT: port(2600),
  POSTERN_DEMO_POP3_PORT: port(2601),
  NEXTAUTH_URL: z.url({ protocol: /^https?$/ }).optional(),
  POSTERN_TRUSTED_PROXY: z.enum(["off", "on"]).default("off"),
  POSTERN_FEED_NETWORKS: z
    .string()
    .default("")
    .refine(isNetworks, "expected networks with commas in between, such as 10.1.2.0/24"),
  ...keptDays.shape,
});

function isNetworks(text: string): boolean {
  try {
    feedNetworks(text);
    return true;
  } catch {
    return false;
  }
}

type Variables = z.infer<typeof startVariables>;
export type PortVariable = Extract<keyof Variables, `${string}_PORT`>;

export type Settings = {
  root: string;
  stateFolder: string;
  /** null: the embedded Postgres. */
  databaseUrl: string | null;
  ports: Record<PortVariable, number>;
  consoleUrl: string;
  /** Whether what X-Forwarded headers say is believed. */
  trustedProxy: "off" | "on";
  /** Networks that lists may be fed from though they are not public. */
  feedNetworks: string;
  /** The demo mail server and its traffic. */
  demo: boolean;
};

/** Reads the environment and the arguments. Throws an error that lists every bad variable. */
export function readSettings(root: string, environment: NodeJS.ProcessEnv, args: readonly string[]): Settings {
  const unknown = args.filter((argument) => argument !== "--no-demo");
  if (unknown.length > 0) throw new Error(`Unknown: ${unknown.join(" ")}. npm start takes only -- --no-demo.`);
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const parsed = startVariables.safeParse(given);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join(".")}: ${issue.message}`);
    throw new Error(`The environment cannot be used (see .env.example):\n${lines.join("\n")}`);
  }
  const { POSTERN_STATE_DIR, DATABASE_URL, NEXTAUTH_URL, POSTERN_TRUSTED_PROXY, POSTERN_FEED_NETWORKS, ...others } =
    parsed.data;
  // The console reads these two again.
  const { POSTERN_REPLAY_DAYS: _replay, POSTERN_HISTORY_DAYS: _history, ...ports } = others;
  return {
    root,
    stateFolder: resolve(root, POSTERN_STATE_DIR),
    databaseUrl: DATABASE_URL ?? null,
    ports,
    consoleUrl: NEXTAUTH_URL ?? `http://127.0.0.1:${ports.POSTERN_CONSOLE_PORT}`,
    trustedProxy: POSTERN_TRUSTED_PROXY,
    feedNetworks: POSTERN_FEED_NETWORKS,
    demo: !args.includes("--no-demo"),
  };
}
