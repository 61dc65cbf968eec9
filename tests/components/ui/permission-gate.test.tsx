import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { ManagedDraftProvider, useDraftClosed } from "#components/ui/managed-draft.tsx";
import { PermissionGate } from "#components/ui/permission-gate.tsx";
import { SignedIn } from "#components/ui/signed-in.tsx";
import type { Permission } from "#core/contract/permission.ts";

function shownTo(permissions: Permission[]): string {
  return renderToStaticMarkup(
    <SignedIn user={{ id: "1", name: "Vera", permissions }}>
      <PermissionGate permission="operate" what="A command to a worker">
        <button type="button">Drain</button>
      </PermissionGate>
    </SignedIn>,
  );
}

describe("controls that take a permission", () => {
  test("are as ever for who has it", () => {
    expect(shownTo(["operate"])).toBe('<button type="button">Drain</button>');
  });

  test("are off for who has not, with the reason, which describes them", () => {
    const html = shownTo(["edit"]);
    expect(html).toContain("A command to a worker takes the permission operate, which you do not have.");
    const [, id] = /<div id="([^"]+)"/.exec(html) ?? [];
    expect(html).toMatch(new RegExp(`<fieldset disabled="" aria-describedby="${id}"`));
  });
});

function Closed() {
  return useDraftClosed() ?? "open";
}

function draftFor(permissions: Permission[], source: { repository: string; path: string } | null): string {
  return renderToStaticMarkup(
    <ManagedDraftProvider source={source}>
      <SignedIn user={{ id: "1", name: "Vera", permissions }}>
        <Closed />
      </SignedIn>
    </ManagedDraftProvider>,
  );
}

describe("the draft", () => {
  test("is open for who may edit, and closed with the permission's name for others", () => {
    expect(draftFor(["edit"], null)).toBe("open");
    expect(draftFor([], null)).toBe("Changing the draft takes the permission edit, which you do not have.");
  });

  test("is closed for everybody while a repository keeps the policy, which is said first", () => {
    const words = "The policy is kept in git.example.org, policy.yaml: change it there.";
    for (const permissions of [["edit" as const], []])
      expect(draftFor(permissions, { repository: "git.example.org", path: "policy.yaml" })).toBe(words);
  });
});
