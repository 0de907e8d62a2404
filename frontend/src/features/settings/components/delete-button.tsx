"use client";

import { Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Tooltip } from "@/components/ui/tooltip";
import { toastError } from "@/lib/errors/toast-error";

interface DeleteButtonProps {
  /** The name of the thing: "API key backup script". */
  label: string;
  title: string;
  description: ReactNode;
  remove: () => Promise<unknown>;
}

/** Deletes an entry of a list after a confirmation. */
export function DeleteButton({ label, title, description, remove }: DeleteButtonProps) {
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const confirm = async () => {
    setBusy(true);
    try {
      await remove();
      setOpen(false);
    } catch (error) {
      toastError(error, "Nothing was deleted");
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Tooltip label="Delete">
        <Button
          variant="ghost"
          size="icon-sm"
          aria-label={`Delete ${label}`}
          onClick={() => setOpen(true)}
        >
          <Trash2 aria-hidden />
        </Button>
      </Tooltip>
      <ConfirmDialog
        open={open}
        onOpenChange={setOpen}
        title={title}
        description={description}
        confirm="Delete"
        danger
        busy={busy}
        onConfirm={confirm}
      />
    </>
  );
}
