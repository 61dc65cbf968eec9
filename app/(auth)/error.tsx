"use client";
import { ErrorState } from "#components/ui/error-state.tsx";

export default function GateError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <ErrorState title="The console is not ready" retry={reset} code={error.digest}>
      It cannot reach its database. Check that Postern is running, then load the page again.
    </ErrorState>
  );
}
