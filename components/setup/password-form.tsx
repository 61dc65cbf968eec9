"use client";
import { signIn } from "next-auth/react";
import { type SyntheticEvent, useState } from "react";
import { answered } from "#components/ui/answered.ts";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Notice } from "#components/ui/notice.tsx";
import type { ActionError } from "#lib/action.ts";
import { choosePasswordAction } from "#lib/setup/actions.ts";

type PasswordFormProps = { token: string; person: { name: string; email: string }; passwordLengthMin: number };

/** Somebody whose account an administrator made chooses their password and is signed in with it. */
export function PasswordForm({ token, person, passwordLengthMin }: PasswordFormProps) {
  const [error, setError] = useState<ActionError | null>(null);
  const [busy, setBusy] = useState(false);

  async function submit(event: SyntheticEvent<HTMLFormElement>) {
    event.preventDefault();
    const password = String(new FormData(event.currentTarget).get("password") ?? "");
    setBusy(true);
    const result = await answered(choosePasswordAction({ token, password }));
    if (!result.ok) {
      setBusy(false);
      return setError(result.error);
    }
    const { email } = result.value;
    const answer = await signIn("credentials", { email, password, redirect: false }).catch(() => undefined);
    window.location.assign(answer?.ok ? "/" : "/login");
  }

  return (
    <form method="post" onSubmit={submit} noValidate className="flex flex-col gap-3">
      {error !== null && error.fields === undefined && <Notice kind="fault">{error.message}</Notice>}
      <p className="text-muted">
        The account of {person.name} is ready. It signs you in with this e-mail address and the password that you
        choose.
      </p>
      <Field label="E-mail address">
        {(control) => <Input {...control} type="email" autoComplete="username" value={person.email} readOnly />}
      </Field>
      <Field
        label="Password"
        hint={`At least ${passwordLengthMin} characters. Nobody else knows it.`}
        error={error?.fields?.["password"]?.[0]}
      >
        {(control) => <Input {...control} name="password" type="password" autoComplete="new-password" required />}
      </Field>
      <Button type="submit" variant="primary" disabled={busy}>
        {busy ? "Signing in…" : "Choose this password"}
      </Button>
    </form>
  );
}
