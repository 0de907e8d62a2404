"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/input";
import { parseRecipe } from "../model/recipe";
import { changePipeline } from "../model/store";

interface PasteRecipeProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Take steps from text that was copied here or from the API. */
export function PasteRecipe({ open, onOpenChange }: PasteRecipeProps) {
  const [text, setText] = useState("");
  const [wrong, setWrong] = useState(false);
  const take = () => {
    const pipeline = parseRecipe(text);
    if (!pipeline) {
      setWrong(true);
      return;
    }
    changePipeline(() => pipeline);
    setText("");
    onOpenChange(false);
  };
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent
        title="Paste steps"
        description="As “Copy as JSON” gives them, or the body of a request to the API. They take the place of the present ones; undo brings those back."
        footer={<Button onClick={take}>Use these steps</Button>}
      >
        <Field
          label="JSON"
          error={wrong ? "This is not a pipeline: it needs a list “transformations”." : undefined}
        >
          <Textarea
            rows={10}
            className="font-mono text-xs"
            spellCheck={false}
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              setWrong(false);
            }}
          />
        </Field>
      </DialogContent>
    </Dialog>
  );
}
