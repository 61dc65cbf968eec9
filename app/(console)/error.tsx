"use client";
import { ErrorState } from "#components/ui/error-state.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";

export default function ConsoleError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <>
      <PageHeader title="Fault" />
      <ErrorState title="This page could not be loaded" retry={reset} code={error.digest} />
    </>
  );
}
