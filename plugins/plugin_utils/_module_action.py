# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Do a module's work in Ansible's own worker process, where it would run on this machine anyway.

PRIVATE to the collection. Starting a module as a process of its own costs more than ten times the CPU of what the
module does. The work, the checks of its options and what it answers are the same either way. It can be turned off by
the variable `truenas_in_worker`, and gives way where a process of its own makes a difference: another user, an
environment or a Python of its own, or a task in the background.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ansible import constants
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.errors import UnsupportedError
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._leaving import Leaving
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.job import Job
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import (
    CONNECTION_ARGUMENTS,
    Module,
    understood_connection,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._options import is_omitted

SWITCH = "truenas_in_worker"
VARIABLES = "truenas_"
"""What the names of variables with connection options begin with."""

_MODULES = "ansible_collections.nasops.cloudsync.plugins.modules"


class ModuleActionBase(ActionBase):
    """An action that runs the module of the same name, in this process where that makes no difference."""

    _supports_async = True

    def __init_subclass__(cls) -> None:
        """Load the module along with its action: Ansible does that before it forks workers, which would each do it."""
        package, dummy, name = cls.__module__.rpartition(".")
        if package.endswith(".action"):
            importlib.import_module(f"{_MODULES}.{name}")

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        super().run(tmp, task_vars)
        return self.run_module(dict(self._task.args), task_vars or {})

    def run_module(
        self, args: dict[str, Any], task_vars: dict[str, Any], progress: Callable[[str, Job], None] | None = None
    ) -> dict[str, Any]:
        """Run the module; `progress` hears of a job's changes if that is possible."""
        name = self._task.resolved_action.rpartition(".")[2]
        module = self.module(name)
        try:
            args = self._connection_of(task_vars) | module.understood(_plain(args), name)
        except OptionError as error:
            leaving = Leaving(_plain(args), module.argument_spec)
            return {"failed": True, "changed": False, "msg": leaving.text(str(error))}
        if self.in_worker(task_vars):
            return self._work(module, args, task_vars, progress)
        return dict(self._execute_module(module_args=args, task_vars=task_vars, wrap_async=self._task.async_val))

    def module(self, name: str) -> Module:
        """Return what does the work."""
        module: Module = importlib.import_module(f"{_MODULES}.{name}").MODULE
        return module

    def in_worker(self, task_vars: dict[str, Any]) -> bool:
        """Whether the work can be done in this process just as well as in one of the module's own."""
        return (
            self._connection.transport == "local"
            and not self._connection.become
            and not self._task.async_val
            and not any(self._task.environment or ())
            and boolean(self._templar.template(task_vars.get(SWITCH, True)))
            and self._is_this_python(self._templar.template(task_vars.get("ansible_python_interpreter")))
        )

    @staticmethod
    def _is_this_python(interpreter: str | None) -> bool:
        """Whether the module would find the libraries that this process finds."""
        if interpreter is None or interpreter.startswith("auto"):
            return True
        return Path(interpreter) == Path(sys.executable) or Path(interpreter).parent == Path(sys.prefix, "bin")

    @staticmethod
    def _tells_invocation(task_vars: dict[str, Any]) -> bool:
        """Whether modules tell the options that they understood: always before ansible-core 2.21, since then if set."""
        known = hasattr(constants, "INJECT_INVOCATION")
        return not known or bool(constants.config.get_config_value("INJECT_INVOCATION", variables=task_vars))

    def _connection_of(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        """Return the connection options that variables of the host hold: `truenas_api_url` and so on.

        Raises:
            OptionError: A variable has a value that its option cannot have.
        """
        names = (f"{VARIABLES}{option}" for option in CONNECTION_ARGUMENTS)
        given = {name: _plain(self._templar.template(task_vars[name])) for name in names if name in task_vars}
        return understood_connection(given, VARIABLES)

    def _work(
        self,
        module: Module,
        args: dict[str, Any],
        task_vars: dict[str, Any],
        progress: Callable[[str, Job], None] | None,
    ) -> dict[str, Any]:
        checked = ArgumentSpecValidator(module.argument_spec, **module.constraints).validate(args)
        params = checked.validated_parameters
        warnings = [f"Both option {one['option']} and its alias {one['alias']} are set." for one in checked._warnings]
        refused = bool(checked.error_messages)
        leaving = Leaving(params, module.argument_spec, () if refused else module.secrets(params))
        if refused:
            message = checked.errors.msg
            if isinstance(checked.errors[0], UnsupportedError):
                message = f"Unsupported parameters for ({self._task.resolved_action}) module: {message}"
            answer: dict[str, Any] = {"failed": True, "msg": message}
        else:
            kept = {**params, "api_session": params["api_session"] or "keep"}
            answer = module.answer(
                kept,
                check_mode=self._task.check_mode,
                warn=lambda text: warnings.append(leaving.text(text)),
                progress=progress and _clean(progress, leaving),
            )
        answer = leaving.answer({"changed": False, **answer}, warnings.append)
        if self._tells_invocation(task_vars):
            answer["invocation"] = {"module_args": leaving.options(params)}
        if warnings:
            answer["warnings"] = warnings
        return answer


def _clean(progress: Callable[[str, Job], None], leaving: Leaving) -> Callable[[str, Job], None]:
    """Report a job's progress without what must not be shown."""
    return lambda name, job: progress(leaving.text(name), replace(job, description=leaving.text(job.description)))


def _plain(value: Any) -> Any:
    """Options as a module gets them, through JSON: Ansible's own kinds of text, vaulted ones too, become plain text."""
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items() if not is_omitted(item)}
    if isinstance(value, (list, tuple, set)):
        return [_plain(item) for item in value if not is_omitted(item)]
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return str(value)
