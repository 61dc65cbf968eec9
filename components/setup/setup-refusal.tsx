import { LinkButton } from "#components/ui/link-button.tsx";
import { Notice } from "#components/ui/notice.tsx";

type Refused = "used" | "expired" | "unknown" | "done";

const words: Record<Refused, string> = {
  used: "This setup link has been used. It works once.",
  expired: "This setup link has expired. It works for 30 minutes. Start Postern again to get a new one.",
  unknown: "This setup link is not known. A newer one may have taken its place: use the last one that Postern printed.",
  done: "This link is not good any more: the console is set up, and nobody is waited for with it. Ask an administrator for a new one.",
};
const personExpired = "This link has expired. It works for 24 hours. Ask an administrator for a new one.";

/** Why a setup link is not good, and what to do. */
export function SetupRefusal({ state, ofPerson }: { state: Refused; ofPerson: boolean }) {
  const canSignIn = state === "used" || state === "done";
  return (
    <>
      <Notice kind="warning">{ofPerson && state === "expired" ? personExpired : words[state]}</Notice>
      {canSignIn && <LinkButton href="/login">Go to sign in</LinkButton>}
    </>
  );
}
