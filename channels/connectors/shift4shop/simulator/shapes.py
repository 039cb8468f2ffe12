"""The vendor's records: keys in the vendor's order, their JSON kind and greatest length.

Order and kinds are those of the recordings of 2015; lengths and the keys added later are from the vendor reference,
sections 3.2, 3.3, 4.2 and 4.7. Kinds: `s` text (`s50` = at most 50 characters), `i` integer, `n` number, `b` boolean,
`l` list, `o` object, `z` null unless something was written.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Record = dict[str, Any]

_EMPTY: dict[str, Any] = {"s": "", "i": 0, "n": 0, "b": False, "l": [], "o": {}, "z": None}


@dataclass(frozen=True, slots=True)
class Field:
    """One key of a record: its kind letter and its greatest length (0 = no limit)."""

    kind: str
    length: int


Shape = dict[str, Field]


class Unfit(ValueError):
    """A value that the service cannot take; the text names the key."""


class TooLong(Unfit):
    """A text longer than the vendor's field."""


def _shape(spec: str) -> Shape:
    pairs = (word.split(":") for word in spec.split())
    return {name: Field(kind[0], int(kind[1:] or 0)) for name, kind in pairs}


def blank(shape: Shape) -> Record:
    """A record with every key and nothing in it."""
    return {name: deepcopy(_EMPTY[field.kind]) for name, field in shape.items()}


def arranged(shape: Shape, values: Record) -> Record:
    """A whole record from some values: the shape's keys in its order, keys it does not know left out."""
    record = blank(shape)
    record.update((name, value) for name, value in values.items() if name in shape)
    return record


def cleaned(shape: Shape, values: Record, *, overlong: str) -> Record:
    """The keys of `values` that the shape knows (in any case), as its kinds: the service makes 12 of "12".

    `overlong` is the switch of that name: refuse, truncate or accept. Raises Unfit.
    """
    names = {name.lower(): name for name in shape}
    known = ((names[key.lower()], value) for key, value in values.items() if key.lower() in names)
    return {name: _fit(name, shape[name], value, overlong) for name, value in known}


def number(value: object) -> int | float:
    """A JSON number; whole ones without a fraction, as the recordings show. Raises Unfit."""
    try:
        exact = Decimal(str(value))
    except ArithmeticError as error:
        raise Unfit(f"{value!r} is not a number") from error
    if not exact.is_finite():
        raise Unfit(f"{value!r} is not a number")
    return int(exact) if exact == exact.to_integral_value() else float(exact)


def _fit(name: str, field: Field, value: object, overlong: str) -> Any:
    if value is None:
        return deepcopy(_EMPTY[field.kind])
    if field.kind in "lo":
        return _fit_container(name, field, value)
    if isinstance(value, dict | list):
        raise Unfit(f"{name} takes a single value")
    if field.kind == "b":
        return _fit_flag(name, value)
    if field.kind in "in":
        return _fit_number(name, field, value)
    return _fit_text(name, field, str(value), overlong)


def _fit_container(name: str, field: Field, value: object) -> Any:
    if not isinstance(value, list if field.kind == "l" else dict):
        raise Unfit(f"{name} has the wrong type")
    return value


def _fit_flag(name: str, value: object) -> bool:
    known = {"true": True, "1": True, "false": False, "0": False, "": False}
    flag = known.get(str(value).lower())
    if flag is None:
        raise Unfit(f"{name} takes true or false")
    return flag


def _fit_number(name: str, field: Field, value: object) -> int | float:
    if isinstance(value, bool):
        raise Unfit(f"{name} takes a number")
    try:
        result = number(value)
    except Unfit as error:
        raise Unfit(f"{name}: {error}") from error
    if field.kind == "i" and not isinstance(result, int):
        raise Unfit(f"{name} takes a whole number")
    return result


def _fit_text(name: str, field: Field, value: str, overlong: str) -> str:
    if not field.length or len(value) <= field.length or overlong == "accept":
        return value
    if overlong == "truncate":
        return value[: field.length]
    raise TooLong(f"{name} is longer than {field.length} characters")


ORDER = _shape(
    "InvoiceNumberPrefix:s50 InvoiceNumber:i OrderID:i CustomerID:i OrderDate:s OrderStatusID:i LastUpdate:s UserID:s50"
    " SalesPerson:s50 ContinueURL:s AlternateOrderID:s OrderType:s PaymentTokenID:i BillingFirstName:s100"
    " BillingLastName:s100 BillingCompany:s255 BillingAddress:s200 BillingAddress2:s50 BillingCity:s100"
    " BillingState:s100 BillingZipCode:s20 BillingCountry:s50 BillingPhoneNumber:s30 BillingEmail:s100"
    " BillingPaymentMethod:s BillingOnLinePayment:b BillingPaymentMethodID:s ShipmentList:l OrderItemList:l"
    " PromotionList:l OrderDiscount:n OrderDiscountCoupon:n OrderDiscountPromotion:n SalesTax:n SalesTax2:n SalesTax3:n"
    " OrderAmount:n AffiliateCommission:n TransactionList:l CardType:s CardNumber:s CardName:s CardExpirationMonth:s"
    " CardExpirationYear:s CardIssueNumber:s CardStartMonth:s CardStartYear:s CardAddress:s CardVerification:s"
    " RewardPoints:s QuestionList:l Referer:s IP:s16 CustomerComments:s InternalComments:s ExternalComments:s50"
)

SHIPMENT = _shape(
    "ShipmentID:i ShipmentLastUpdate:s ShipmentBoxes:i ShipmentInternalComment:s ShipmentOrderStatus:i"
    " ShipmentAddress:s255 ShipmentAddress2:s50 ShipmentAlias:s100 ShipmentCity:s50 ShipmentCompany:s200 ShipmentCost:n"
    " ShipmentCountry:s50 ShipmentEmail:s100 ShipmentFirstName:s100 ShipmentLastName:s50 ShipmentMethodID:i"
    " ShipmentMethodName:s150 ShipmentShippedDate:s50 ShipmentPhone:s50 ShipmentState:s50 ShipmentZipCode:s20"
    " ShipmentTax:n ShipmentWeight:n ShipmentTrackingCode:s100 ShipmentUserID:s50 ShipmentNumber:i"
    " ShipmentAddressTypeID:i"
)

ITEM = _shape(
    "CatalogID:i ItemIndexID:i ItemID:s150 ItemShipmentID:i ItemQuantity:n ItemWarehouseID:i ItemDescription:s"
    " ItemUnitPrice:n ItemWeight:n ItemOptionPrice:n ItemAdditionalField1:s255 ItemAdditionalField2:s255"
    " ItemAdditionalField3:s255 ItemPageAdded:s255 ItemDateAdded:s ItemUnitCost:n ItemUnitStock:n ItemOptions:s"
    " ItemCatalogIDOptions:s255"
)

TRANSACTION = _shape(
    "TransactionIndexID:i OrderID:i TransactionID:s50 TransactionDateTime:s TransactionType:s10 TransactionMethod:s"
    " TransactionAmount:n TransactionApproval:s TransactionReference:s TransactionGatewayID:i TransactionCVV2:s"
    " TransactionAVS:s TransactionResponseText:s TransactionResponseCode:s TransactionCaptured:i"
)

QUESTION = _shape(
    "QuestionAnswerIndexID:i OrderID:i QuestionID:i QuestionTitle:s QuestionAnswer:s QuestionType:s"
    " QuestionCheckoutStep:i QuestionSorting:i QuestionDiscountGroup:i"
)

SKU_INFO = _shape("CatalogID:i SKU:s255 Name:s255 Cost:n Price:n Currency:s RetailPrice:n SalePrice:n OnSale:b Stock:n")

PRODUCT = _shape(
    "SKUInfo:o MFGID:s50 ShortDescription:s ManufacturerID:i ManufacturerName:s50 DistributorList:l LastUpdate:s"
    " UserID:z GTIN:s50 CategoryList:l ExternalIdsList:l CategoryExternalIdsList:l NonTaxable:b NotForSale:b Hide:b"
    " GiftCertificate:b HomeSpecial:b CategorySpecial:b NonSearchable:b GiftWrapItem:b ShipCost:n Weight:n Height:n"
    " Width:n Depth:n SelfShip:b FreeShipping:b RewardPoints:i RedeemPoints:i DisableRewards:b StockAlert:i"
    " ReorderQuantity:i InventoryControl:i InStockMessage:s150 OutOfStockMessage:s150 BackOrderMessage:s150"
    " WarehouseLocation:s150 WarehouseBin:s150 WarehouseAisle:s150 WarehouseCustom:s150 Description:s Keywords:s "
    + " ".join(f"ExtraField{n}:s" for n in range(1, 14))
    + " FeatureList:l PluginList:o MainImageFile:s255 MainImageCaption:s ThumbnailFile:s255 MediaFile:s255 "
    + " ".join(f"AdditionalImageFile{n}:s255 AdditionalImageCaption{n}:s" for n in (2, 3, 4))
    + " ImageGalleryList:l OptionSetList:l AdvancedOptionList:l RelatedProductList:l UpSellingItemList:l DiscountList:l"
    " DoNotUseCategoryOptions:b DateCreated:s ListingTemplateID:i ListingTemplateName:s LoginRequiredOptionID:z"
    " LoginRequiredOptionName:s LoginRequiredOptionRedirectTo:s AllowAccessCustomerGroupID:z"
    " AllowAccessCustomerGroupName:z RMAMaxPeriod:s TaxCode:s DisplayText:s MinimumQuantity:n MaximumQuantity:n"
    " AllowOnlyMultiples:b AllowFractionalQuantity:b QuantityOptions:s GroupOptionsForQuantityPricing:b"
    " ApplyQuantityDiscountToOptions:b EnableMakeAnOfferFeature:b MinimumAcceptableOffer:s "
    + " ".join(f"PriceLevel{n}:n PriceLevel{n}Hide:b" for n in range(1, 11))
    + " BuyButtonLink:s ProductLink:s Title:s CustomFileName:s RedirectLink:s MetaTags:s SpecialInstructions:s"
    " AssignKey:b ReUseKeys:b SerialList:l EProductList:l"
)

OPTION_SET = _shape(
    "OptionSetID:i OptionSetName:s OptionSorting:i OptionRequired:b OptionType:s10 OptionURL:s"
    " OptionAdditionalInformation:s OptionSizeLimit:i OptionList:l"
)

OPTION = _shape(
    "OptionID:i OptionName:s OptionSelected:b OptionHide:b OptionValue:n OptionPartNumber:s OptionSorting:i"
    " OptionImagePath:s OptionBundleCatalogId:i OptionBundleQuantity:i"
)

ADVANCED_OPTION = _shape(
    "AdvancedOptionCode:s50 AdvancedOptionSufix:s50 AdvancedOptionName:s AdvancedOptionCost:n AdvancedOptionStock:i"
    " AdvancedOptionWeight:n AdvancedOptionPrice:n AdvancedOptionGTIN:s50"
)

_ADDRESS = (
    "{0}Company:s255 {0}FirstName:s50 {0}LastName:s50 {0}Address1:s255 {0}Address2:s50 {0}City:s100 {0}State:s100"
    " {0}ZipCode:s20 {0}Country:s100 {0}PhoneNumber:s50"
)

CUSTOMER = _shape(
    "CustomerID:i Email:s100 Password:s50 "
    + _ADDRESS.format("Billing")
    + " BillingTaxID:z "
    + _ADDRESS.format("Shipping")
    + " ShippingAddressType:i CustomerGroupID:i Enabled:b MailList:b NonTaxable:b DisableBillingSameAsShipping:b"
    " Comments:s255 AdditionalField1:s AdditionalField2:s AdditionalField3:s TotalStoreCredit:n ResetPassword:b"
)

WEBHOOK = _shape("Id:i Name:s80 Url:s1000 EventType:i DateCreated:s DateUpdated:s Format:s4 Enabled:b")
