"""`audit completion`: the name of a shell in, the script that makes it complete `audit` out."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

SHELLS = ("bash", "zsh", "fish")
VARIABLE = "_AUDIT_COMPLETE"
"""What the script sets when it asks the command, as click derives it from the command's name."""


@click.command()
@click.argument("shell", type=click.Choice(SHELLS), metavar="|".join(SHELLS))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the script that makes a shell complete commands, options, rules and forms.

    \b
    bash: audit completion bash > ~/.local/share/bash-completion/completions/audit
    zsh:  audit completion zsh > "${fpath[1]}/_audit"
    fish: audit completion fish > ~/.config/fish/completions/audit.fish
    """
    made = get_completion_class(shell)
    assert made is not None, "click knows these three"
    click.echo(made(ctx.find_root().command, {}, "audit", VARIABLE).source(), nl=False)
