# `sam build` calls make here: WorkingDirectory of template.yaml follows its parameter Architecture.
PROCESSOR := x86_64
