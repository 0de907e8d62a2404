import { useId } from "react";
import { Switch } from "@/components/ui/switch";

interface SwitchFieldProps {
  label: string;
  hint?: string;
  error?: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

/** A switch with its label on the left. */
export function SwitchField({ label, hint, error, checked, onChange }: SwitchFieldProps) {
  const id = useId();
  return (
    <div className="flex items-start justify-between gap-4">
      <div className="min-w-0">
        <label htmlFor={id} className="font-medium text-sm">
          {label}
        </label>
        {hint && (
          <p id={`${id}-hint`} className="mt-0.5 text-muted-foreground text-xs leading-relaxed">
            {hint}
          </p>
        )}
        {error && (
          <p role="alert" className="mt-0.5 text-danger-soft-foreground text-xs">
            {error}
          </p>
        )}
      </div>
      <Switch
        id={id}
        aria-describedby={hint ? `${id}-hint` : undefined}
        checked={checked}
        onCheckedChange={onChange}
      />
    </div>
  );
}
