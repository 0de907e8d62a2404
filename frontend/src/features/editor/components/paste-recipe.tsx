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

/** A dialog that replaces the steps by pasted JSON. */
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
        description="Paste the result of “Copy as JSON” or the body of an API request. It replaces the current steps; you can undo that."
        footer={<Button onClick={take}>Use these steps</Button>}
      >
        <Field
          label="JSON"
          error={wrong ? "These are not steps: the list “transformations” is missing." : undefined}
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
