# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Logging in: `auth.*` from 25.04."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from simulator.nas.models.base import Model, Secret, Text, at_least, literal, model, one_of, secret
from simulator.nas.models.methods import Spec


class AuthUserInfo(Model):
    pw_name: Text
    pw_gecos: Text
    pw_dir: Text
    pw_shell: Text
    pw_uid: int
    pw_gid: int
    grouplist: list[int] | None
    sid: Text | None
    source: Literal["LOCAL", "ACTIVEDIRECTORY", "LDAP"]
    local: bool
    attributes: dict[str, Any]
    two_factor_config: dict[str, Any]
    privilege: dict[str, Any]
    account_attributes: list[Text]


def auth_methods(release: str) -> dict[str, Spec]:
    """`auth.*` of 25.04 and later."""
    answers, more_answers = _answers(release)
    token_params = {
        "ttl": (int | None, 600),
        "attrs": (dict[str, Any], {}),
        "match_origin": (bool, True),
        "single_use": (bool, False),
    }
    password = {"username": Text, "password": Secret[Text], "otp_token": (secret(Text | None), None)}

    def before_login(params: dict[str, Any], result: Any, **more: Any) -> Spec:
        return Spec(params, result, authentication_required=False, **more)

    return {
        "auth.generate_token": Spec(token_params, Text),
        "auth.login": before_login(password, bool),
        "auth.login_ex": before_login({"login_data": _login_data(release)}, answers | more_answers),
        "auth.login_ex_continue": before_login({"login_data": _otp_token(release)}, answers),
        "auth.login_with_api_key": before_login({"api_key": Secret[Text]}, bool),
        "auth.login_with_token": before_login({"token": Secret[Text]}, bool),
        "auth.logout": Spec({}, Literal[True]),
        "auth.me": Spec({}, AuthUserInfo),
        "auth.mechanism_choices": before_login({}, list[Text]),
    }


def _login_options(release: str) -> tuple[Any, Any]:
    fields: dict[str, Any] = {"user_info": (bool, True)}
    if at_least(release, "26.0"):
        fields["reconnect_token"] = (bool, False)
    return model("AuthCommonOptions", **fields), {}


def _mechanism(release: str, name: str, mechanism: str, **fields: Any) -> type[BaseModel]:
    return model(name, mechanism=literal(mechanism), **fields, login_options=_login_options(release))


def _otp_token(release: str) -> type[BaseModel]:
    return _mechanism(release, "AuthOTPToken", "OTP_TOKEN", otp_token=Secret[Text])


def _login_data(release: str) -> Any:
    members = [
        _mechanism(release, "AuthApiKeyPlain", "API_KEY_PLAIN", username=Text, api_key=Secret[Text]),
        _mechanism(release, "AuthPasswordPlain", "PASSWORD_PLAIN", username=Text, password=Secret[Text]),
        _mechanism(release, "AuthTokenPlain", "TOKEN_PLAIN", token=Secret[Text]),
        _otp_token(release),
    ]
    if at_least(release, "26.0"):
        steps = Literal["CLIENT_FIRST_MESSAGE", "CLIENT_FINAL_MESSAGE"]
        members.append(model("AuthSCRAM", mechanism=Literal["SCRAM"], scram_type=steps, rfc_str=Text))
    if release == "25.04":  # which does not look at the mechanism first, and so refuses by every member
        return one_of(*members)
    return Annotated[one_of(*members), Field(discriminator="mechanism")]


def _answers(release: str) -> tuple[Any, Any]:
    """What a login can end with, and what only its first step can answer."""
    success: dict[str, Any] = {
        "response_type": Literal["SUCCESS"],
        "user_info": AuthUserInfo | None,
        "authenticator": Literal["LEVEL_1", "LEVEL_2"],
    }
    newer = at_least(release, "26.0")
    if newer:
        success["reconnect_token"] = Text | None
    answers: Any = (
        model("AuthRespSuccess", **success)
        | model("AuthRespAuthErr", response_type=Literal["AUTH_ERR"])
        | model("AuthRespAuthExpired", response_type=Literal["EXPIRED"])
        | model("AuthRespOTPRequired", response_type=Literal["OTP_REQUIRED"], username=Text)
        | model("AuthRespAuthRedirect", response_type=Literal["REDIRECT"], urls=list[Text])
    )
    if not newer:
        return answers, answers
    denied = model("AuthRespDenied", response_type=Literal["DENIED"])
    scram = model(
        "AuthRespScram",
        response_type=Literal["SCRAM_RESPONSE"],
        scram_type=Literal["SERVER_FIRST_RESPONSE", "SERVER_FINAL_RESPONSE"],
        rfc_str=Text,
        user_info=AuthUserInfo | None,
    )
    return answers | denied, scram
