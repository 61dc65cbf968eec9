import { expect, test } from "vitest";
import type { Credential } from "#core/contract/credential.ts";
import { openCredential, sealCredential } from "#lib/vault/sealed.ts";
import { useConsoleSettings } from "../../support/console-settings.ts";

useConsoleSettings();

const credential: Credential = { kind: "password", name: "smart host", user: "gate", password: "password-canary" };

test("a sealed credential shows its name, kind and user, and opens to what it was", () => {
  const sealed = sealCredential(credential);
  expect(sealed).toMatchObject({ name: "smart host", kind: "password", user: "gate" });
  expect(JSON.stringify(sealed)).not.toContain("canary");
  expect(openCredential(sealed)).toEqual(credential);
});

test("under another name it cannot be opened", () => {
  expect(() => openCredential({ ...sealCredential(credential), name: "another" })).toThrow();
});
