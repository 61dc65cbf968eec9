"use client";
import { ErrorState } from "#components/ui/error-state.tsx";

/** Where even the console's frame could not be made: it needs the database. */
export default function RootError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-lg flex-col justify-center gap-4 p-4">
      <p className="font-semibold text-muted">Postern</p>
      <ErrorState title="The console is not ready" retry={reset} code={error.digest}>
        It cannot reach its database. Workers keep handling mail with the policy that they have. Check that Postern is
        running, then load the page again.
      </ErrorState>
    </main>
  );
}
