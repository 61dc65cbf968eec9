import { type ReactNode, useId } from "react";

/** What the control of a field must carry so that its label, hint and error are read with it. */
export type FieldControl = { id: string; "aria-describedby": string | undefined; "aria-invalid": true | undefined };

type FieldProps = {
  label: ReactNode;
  hint?: ReactNode;
  error?: string | null | undefined;
  children: (control: FieldControl) => ReactNode;
};

/** Label, control, hint and error: `<Field label="Name">{(control) => <Input {...control} name="name" />}</Field>`. */
export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  const hintId = hint ? `${id}-hint` : null;
  const errorId = error ? `${id}-error` : null;
  const describedBy = [hintId, errorId].filter((part) => part !== null).join(" ");
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      {children({ id, "aria-describedby": describedBy || undefined, "aria-invalid": error ? true : undefined })}
      {hintId && (
        <p id={hintId} className="text-muted">
          {hint}
        </p>
      )}
      {errorId && (
        <p id={errorId} className="text-deny">
          {error}
        </p>
      )}
    </div>
  );
}
