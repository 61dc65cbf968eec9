import { globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

function files(pattern: string): { path: string; text: string }[] {
  return globSync(pattern).map((path) => ({ path, text: readFileSync(path, "utf8") }));
}

describe("nothing of the console is open by accident", () => {
  const pages = files("app/(console)/**/page.tsx");

  test("there are pages to look at", () => {
    expect(pages.length).toBeGreaterThan(5);
  });

  test.each(pages)("$path asks for the session before anything else", ({ text }) => {
    const body = text.slice(text.indexOf("export default async function"));
    expect(/await [^;]*/.exec(body)?.[0]).toMatch(/^await requireSession\(\)/);
  });

  const openRoutes = [
    "app/api/auth/[...nextauth]/route.ts",
    "app/api/health/route.ts",
    "app/api/worker/v1/report/route.ts",
  ];
  const routes = files("app/**/route.ts").filter(({ path }) => !openRoutes.includes(path));

  const forTokens = ({ path }: { path: string }) => path.startsWith("app/api/v1/");

  test.each(routes.filter(forTokens))(
    "$path answers what the token does not allow before anything else",
    ({ text }) => {
      for (const [, first] of text.matchAll(/^export async function [A-Z]+\(request: Request\)[^{]*{\n\s*(.*)$/gm))
        expect(first).toMatch(/= await authorise\(request, "policy:\w+", new Date\(\)\);$/);
      expect(text).toContain("if (!authorised.ok) return authorised.response;");
    },
  );

  test.each(routes.filter((route) => !forTokens(route)))("$path answers 401 without a session", ({ text }) => {
    expect(text).toMatch(/await (sessionOfRequest\(request\)|tokenOfRequest\(request\)|currentSession\(\))/);
    expect(text).toMatch(/"SIGNED_OUT"|401/);
  });

  const openActions = ["lib/auth/actions.ts", "lib/setup/actions.ts"];
  const actions = files("lib/**/actions.ts").filter(({ path }) => !openActions.includes(path));

  test.each(actions)("every action of $path goes through the shim", ({ text }) => {
    expect(text).toContain('"use server"');
    const exported = [...text.matchAll(/^export (?!type )(.*)$/gm)].map(([, rest]) => rest);
    expect(exported.length).toBeGreaterThan(0);
    for (const line of exported) expect(line).toMatch(/^const \w+ = define(?:(?:Draft|Long)?Action|Question)\(/);
  });
});
