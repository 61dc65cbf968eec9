import { describe, expect, test } from "vitest";
import { demoPolicy } from "#scripts/start/demo-policy.ts";
import { readSettings } from "#scripts/start/settings.ts";

const root = new URL("../..", import.meta.url).pathname;
const environment = (values: Record<string, string>): NodeJS.ProcessEnv => ({ NODE_ENV: "test", ...values });

describe("the settings of npm start", () => {
  test("need no variable at all", () => {
    const settings = readSettings("/here", environment({}), []);
    expect(settings).toMatchObject({
      stateFolder: "/here/.postern",
      databaseUrl: null,
      consoleUrl: "http://127.0.0.1:3000",
      demo: true,
    });
  });

  test("take an empty variable as one that is not set", () => {
    const settings = readSettings("/here", environment({ DATABASE_URL: "", POSTERN_CONSOLE_PORT: "" }), []);
    expect(settings).toMatchObject({ databaseUrl: null, ports: { POSTERN_CONSOLE_PORT: 3000 } });
  });

  test("leave the demo out with --no-demo", () => {
    expect(readSettings("/here", environment({}), ["--no-demo"]).demo).toBe(false);
  });

  test("name every bad variable in one error", () => {
    const bad = environment({ POSTERN_CONSOLE_PORT: "70000", POSTERN_CONTROL_PORT: "x", DATABASE_URL: "mysql://" });
    expect(() => readSettings("/here", bad, [])).toThrow(
      /DATABASE_URL: .*\n.*POSTERN_CONSOLE_PORT: .*\n.*POSTERN_CONTROL_PORT: /,
    );
  });

  test("refuse an argument that they do not know", () => {
    expect(() => readSettings("/here", environment({}), ["--nodemo"])).toThrow("Unknown: --nodemo");
  });
});

test("the demo policy gets the ports of this start, each where it stood", () => {
  const { ports } = readSettings(
    root,
    environment({
      POSTERN_EXTERNAL_SMTP_PORT: "2526",
      POSTERN_TRUSTED_SMTP_PORT: "4001",
      POSTERN_DEMO_POP3_PORT: "4002",
    }),
    [],
  );
  const found = [...demoPolicy({ root, ports }).matchAll(/port: (\d+)/g)].map((match) => match[1]);
  expect(found).toEqual(["2600", "2600", "4002", "4002", "2526", "4001", "2110", "2111"]);
});
