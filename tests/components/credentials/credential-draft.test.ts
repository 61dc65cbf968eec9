import { describe, expect, it } from "vitest";
import {
  credentialDraftOf,
  newCredential,
  readCredentialChange,
  readNewCredential,
} from "#components/credentials/credential-draft.ts";
import type { CredentialView } from "#lib/credentials/queries.ts";

const cloud = {
  kind: "oauth2",
  name: "cloud",
  user: "gate",
  tokenUrl: "https://login.example.test/token",
  clientId: "client",
  scope: "smtp",
  hasClientSecret: true,
  hasClientPassword: false,
} as const;
const view: CredentialView = {
  id: "5b2f9d3e-8f43-4a53-9d6d-0a4f4cf3d001",
  version: 1,
  name: "cloud",
  kind: "oauth2",
  user: "gate",
  details: cloud,
  changedAt: "2026-01-05T10:00:00.000Z",
  users: [],
  workers: [],
};

describe("the form of a credential", () => {
  it("sends back no secret that was not replaced", () => {
    const read = readCredentialChange(credentialDraftOf(view));
    const { hasClientSecret: _, hasClientPassword: __, ...details } = cloud;
    expect(read).toEqual({ ok: true, value: { ...details, clientPassword: "" } });
  });

  it("sends an emptied client secret as none", () => {
    const draft = { ...credentialDraftOf(view), clientSecret: "" };
    expect(readCredentialChange(draft)).toMatchObject({ ok: true, value: { clientSecret: "" } });
  });

  it("keeps the password for mail programs, replaces it, and takes it away when it is emptied", () => {
    const bridged = {
      ...view,
      details: { kind: "password", name: "box", user: "gate", hasClientPassword: true },
    } as const;
    const draft = credentialDraftOf(bridged);
    const changeOf = (clientPassword: string | null) => {
      const read = readCredentialChange({ ...draft, clientPassword });
      return read.ok ? read.value.clientPassword : read.problems;
    };
    expect(draft.clientPassword).toBeNull();
    expect([changeOf(null), changeOf("here only"), changeOf("")]).toEqual([undefined, "here only", ""]);
  });

  it("makes a new one without a password for mail programs where none is typed", () => {
    const draft = { ...newCredential, name: "relay", user: "gate", password: "secret" };
    const value = { kind: "password", name: "relay", user: "gate", password: "secret" };
    expect(readNewCredential(draft)).toEqual({ ok: true, value });
    const clientPassword = "here only";
    expect(readNewCredential({ ...draft, clientPassword })).toEqual({ ok: true, value: { ...value, clientPassword } });
  });

  it("asks for the secret of a new one, and of one that cannot be opened", () => {
    const draft = { ...newCredential, name: "relay", user: "gate" };
    const problems = { password: "This is needed." };
    expect(readNewCredential(draft)).toEqual({ ok: false, problems });
    expect(readCredentialChange(credentialDraftOf({ ...view, kind: "password", details: null }))).toEqual({
      ok: false,
      problems,
    });
  });

  it("takes a password as it was typed, blanks included", () => {
    const draft = { ...newCredential, name: "relay", user: "gate", password: " two words " };
    expect(readNewCredential(draft)).toMatchObject({ ok: true, value: { password: " two words " } });
  });
});
