"use client";

import { type ReactNode, useId } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent } from "@/components/ui/dialog";
import { FormError } from "@/components/ui/field";
import type { FormState } from "@/lib/forms/use-form";

interface FormDialogProps {
  form: FormState;
  title: string;
  description: string;
  /** The label of the button that submits. */
  submit: string;
  onClose: () => void;
  className?: string;
  /** The fields. */
  children: ReactNode;
}

/** An open dialog with a form, and buttons that submit or cancel it. */
export function FormDialog({ form, submit, onClose, children, ...props }: FormDialogProps) {
  const id = useId();
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        footer={
          <>
            <DialogClose asChild>
              <Button variant="secondary">Cancel</Button>
            </DialogClose>
            <Button type="submit" form={id} busy={form.busy}>
              {submit}
            </Button>
          </>
        }
        {...props}
      >
        <form id={id} onSubmit={form.onSubmit} noValidate className="flex flex-col gap-5 pt-1">
          {children}
          <FormError>{form.error}</FormError>
        </form>
      </DialogContent>
    </Dialog>
  );
}
