"use client";
import { signIn } from "next-auth/react";
import { type SyntheticEvent, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Notice } from "#components/ui/notice.tsx";
import type { ActionError } from "#lib/action.ts";
import { completeSetup } from "#lib/setup/actions.ts";

/** Makes the first administrator and signs in as that person. */
export function SetupForm({ token, passwordLengthMin }: { token: string; passwordLengthMin: number }) {
  const [error, setError] = useState<ActionError | null>(null);
  const [busy, setBusy] = useState(false);

  async function submit(event: SyntheticEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? "");
    const input = { token, name: text("name"), email: text("email"), password: text("password") };
    setBusy(true);
    const result = await completeSetup(input);
    if (!result.ok) {
      setBusy(false);
      return setError(result.error);
    }
    const { email, password } = input;
    const answer = await signIn("credentials", { email, password, redirect: false }).catch(() => undefined);
    window.location.assign(answer?.ok ? "/" : "/login");
  }

  const problem = (field: string) => error?.fields?.[field]?.[0];
  return (
    <form method="post" onSubmit={submit} noValidate className="flex flex-col gap-3">
      {error !== null && error.fields === undefined && <Notice kind="fault">{error.message}</Notice>}
      <Field label="Name" hint="The audit log shows it." error={problem("name")}>
        {(control) => <Input {...control} name="name" autoComplete="name" required />}
      </Field>
      <Field label="E-mail address" hint="You sign in with it." error={problem("email")}>
        {(control) => <Input {...control} name="email" type="email" autoComplete="username" required />}
      </Field>
      <Field label="Password" hint={`At least ${passwordLengthMin} characters.`} error={problem("password")}>
        {(control) => <Input {...control} name="password" type="password" autoComplete="new-password" required />}
      </Field>
      <Button type="submit" variant="primary" disabled={busy}>
        {busy ? "Making the account…" : "Make the administrator"}
      </Button>
    </form>
  );
}
